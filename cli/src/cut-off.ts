/** An answer that began, and has no end. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}
