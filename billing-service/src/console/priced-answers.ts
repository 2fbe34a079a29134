/** What the console reads of prices by unit; openapi.yaml has them whole. */
export interface Rate {
  unit: string;
  model: string | null;
  price: number;
  per: number;
}

export interface Receipt {
  priceVersion: number;
  price: number;
  quantity: number;
  lines: (Rate & { quantity: number })[];
  total: number;
  estimated: boolean;
}

export interface Operation {
  id: string;
  name: string;
  price: number;
  rates: Rate[];
  unpriced: string;
}
