// Runs inside the sandbox, in the driver: which tests a compiled class declares, by reading it. Nothing of it is loaded.
import { readFileSync } from "node:fs";

const abstractFlag = 0x0400;
const testAnnotation =
  /^L(?:org\/junit\/(?:Test|jupiter\/api\/(?:Test|RepeatedTest|TestFactory|TestTemplate)|jupiter\/params\/ParameterizedTest)|org\/testng\/annotations\/Test);$/;
/** Bytes of a constant by its tag; 1 (text) has its length written. */
const constantSizes = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

/** Its name and test methods; none for an abstract class, whose tests run as its heirs'. `undefined` for what is no class file. */
export function testsInClass(path) {
  try {
    return new ClassFile(readFileSync(path)).tests();
  } catch {
    return undefined;
  }
}

class ClassFile {
  #bytes;
  #at = 8;
  #texts = new Map();
  #classes = new Map();

  constructor(bytes) {
    if (bytes.readUInt32BE(0) !== 0xcafebabe) throw new Error("no class file");
    this.#bytes = bytes;
  }

  tests() {
    this.#constants();
    const flags = this.#u2();
    const name = this.#className(this.#u2());
    const old = this.#className(this.#u2()) === "junit/framework/TestCase";
    const interfaces = this.#u2();
    this.#at += 2 * interfaces;
    this.#members();
    const isTest = ({ method, annotations }) =>
      (old && method.startsWith("test")) || annotations.some((each) => testAnnotation.test(each));
    const methods = this.#members().filter(isTest);
    const concrete = (flags & abstractFlag) === 0;
    return { name: name.replaceAll("/", "."), methods: concrete ? methods.map(({ method }) => method) : [] };
  }

  #constants() {
    const count = this.#u2();
    for (let index = 1; index < count; index++) {
      const tag = this.#bytes[this.#at++];
      if (tag === 1) {
        const length = this.#u2();
        this.#texts.set(index, this.#bytes.toString("utf8", this.#at, this.#at + length));
        this.#at += length;
        continue;
      }
      if (tag === 7) this.#classes.set(index, this.#bytes.readUInt16BE(this.#at));
      if (constantSizes[tag] === undefined) throw new Error("unknown constant");
      this.#at += constantSizes[tag];
      // Long numbers take two places.
      if (tag === 5 || tag === 6) index++;
    }
  }

  /** Fields or methods. */
  #members() {
    return Array.from({ length: this.#u2() }, () => {
      this.#at += 2;
      const method = this.#texts.get(this.#u2());
      this.#at += 2;
      return { method, annotations: this.#annotations() };
    });
  }

  /** Types of the annotations that are kept at run time. */
  #annotations() {
    const types = [];
    for (let left = this.#u2(); left > 0; left--) {
      const attribute = this.#texts.get(this.#u2());
      const end = this.#bytes.readUInt32BE(this.#at) + this.#at + 4;
      this.#at += 4;
      if (attribute === "RuntimeVisibleAnnotations") {
        for (let each = this.#u2(); each > 0; each--) {
          types.push(this.#texts.get(this.#u2()));
          for (let pairs = this.#u2(); pairs > 0; pairs--) {
            this.#at += 2;
            this.#value();
          }
        }
      }
      this.#at = end;
    }
    return types;
  }

  #value() {
    const tag = String.fromCharCode(this.#bytes[this.#at++]);
    if (tag === "e") this.#at += 4;
    else if (tag === "[") for (let left = this.#u2(); left > 0; left--) this.#value();
    else if (tag === "@") {
      this.#at += 2;
      for (let pairs = this.#u2(); pairs > 0; pairs--) {
        this.#at += 2;
        this.#value();
      }
    } else this.#at += 2;
  }

  #className(index) {
    return this.#texts.get(this.#classes.get(index)) ?? "";
  }

  #u2() {
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }
}
