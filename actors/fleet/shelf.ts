/** Things in their order: sorted when somebody looks after a change, not at each look. */
export class Shelf<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  #items: Item[] = [];
  #isSorted = true;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#isSorted = false;
  }

  remove(item: Item): void {
    this.#items = this.#items.filter((one) => one !== item);
  }

  /** What an item is sorted by has changed. */
  moved(): void {
    this.#isSorted = false;
  }

  items(): readonly Item[] {
    // Nearly sorted is quick: one comparison for each item.
    if (!this.#isSorted) this.#items.sort(this.#compare);
    this.#isSorted = true;
    return this.#items;
  }
}
