// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ENCODING_IDS, ENCODING_NAMES, EncodingPredefined } from './encoding-table.js';
import { CoreError } from './errors.js';

/** Whatever an encoding can be made from. */
// biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
export type IntoEncoding = Encoding | String | string;

const SEPARATOR = ';';

/**
 * How a payload is to be read: `type/subtype[;schema]`. zenoh carries it and does not act on it.
 *
 * The predefined ones, which are constants of this class, travel as a number; any other text travels as it is. The text
 * form is the one of zenoh's Rust and Python libraries, and reading it back gives the same text.
 */
export class Encoding {
  /** `zenoh/bytes` */
  static readonly ZENOH_BYTES = new Encoding(EncodingPredefined.ZENOH_BYTES);
  /** `zenoh/string` */
  static readonly ZENOH_STRING = new Encoding(EncodingPredefined.ZENOH_STRING);
  /** `zenoh/serialized` */
  static readonly ZENOH_SERIALIZED = new Encoding(EncodingPredefined.ZENOH_SERIALIZED);
  /** `application/octet-stream` */
  static readonly APPLICATION_OCTET_STREAM = new Encoding(EncodingPredefined.APPLICATION_OCTET_STREAM);
  /** `text/plain` */
  static readonly TEXT_PLAIN = new Encoding(EncodingPredefined.TEXT_PLAIN);
  /** `application/json` */
  static readonly APPLICATION_JSON = new Encoding(EncodingPredefined.APPLICATION_JSON);
  /** `text/json` */
  static readonly TEXT_JSON = new Encoding(EncodingPredefined.TEXT_JSON);
  /** `application/cdr` */
  static readonly APPLICATION_CDR = new Encoding(EncodingPredefined.APPLICATION_CDR);
  /** `application/cbor` */
  static readonly APPLICATION_CBOR = new Encoding(EncodingPredefined.APPLICATION_CBOR);
  /** `application/yaml` */
  static readonly APPLICATION_YAML = new Encoding(EncodingPredefined.APPLICATION_YAML);
  /** `text/yaml` */
  static readonly TEXT_YAML = new Encoding(EncodingPredefined.TEXT_YAML);
  /** `text/json5` */
  static readonly TEXT_JSON5 = new Encoding(EncodingPredefined.TEXT_JSON5);
  /** `application/python-serialized-object` */
  static readonly APPLICATION_PYTHON_SERIALIZED_OBJECT = new Encoding(
    EncodingPredefined.APPLICATION_PYTHON_SERIALIZED_OBJECT,
  );
  /** `application/protobuf` */
  static readonly APPLICATION_PROTOBUF = new Encoding(EncodingPredefined.APPLICATION_PROTOBUF);
  /** `application/java-serialized-object` */
  static readonly APPLICATION_JAVA_SERIALIZED_OBJECT = new Encoding(
    EncodingPredefined.APPLICATION_JAVA_SERIALIZED_OBJECT,
  );
  /** `application/openmetrics-text` */
  static readonly APPLICATION_OPENMETRICS_TEXT = new Encoding(EncodingPredefined.APPLICATION_OPENMETRICS_TEXT);
  /** `image/png` */
  static readonly IMAGE_PNG = new Encoding(EncodingPredefined.IMAGE_PNG);
  /** `image/jpeg` */
  static readonly IMAGE_JPEG = new Encoding(EncodingPredefined.IMAGE_JPEG);
  /** `image/gif` */
  static readonly IMAGE_GIF = new Encoding(EncodingPredefined.IMAGE_GIF);
  /** `image/bmp` */
  static readonly IMAGE_BMP = new Encoding(EncodingPredefined.IMAGE_BMP);
  /** `image/webp` */
  static readonly IMAGE_WEBP = new Encoding(EncodingPredefined.IMAGE_WEBP);
  /** `application/xml` */
  static readonly APPLICATION_XML = new Encoding(EncodingPredefined.APPLICATION_XML);
  /** `application/x-www-form-urlencoded` */
  static readonly APPLICATION_X_WWW_FORM_URLENCODED = new Encoding(
    EncodingPredefined.APPLICATION_X_WWW_FORM_URLENCODED,
  );
  /** `text/html` */
  static readonly TEXT_HTML = new Encoding(EncodingPredefined.TEXT_HTML);
  /** `text/xml` */
  static readonly TEXT_XML = new Encoding(EncodingPredefined.TEXT_XML);
  /** `text/css` */
  static readonly TEXT_CSS = new Encoding(EncodingPredefined.TEXT_CSS);
  /** `text/javascript` */
  static readonly TEXT_JAVASCRIPT = new Encoding(EncodingPredefined.TEXT_JAVASCRIPT);
  /** `text/markdown` */
  static readonly TEXT_MARKDOWN = new Encoding(EncodingPredefined.TEXT_MARKDOWN);
  /** `text/csv` */
  static readonly TEXT_CSV = new Encoding(EncodingPredefined.TEXT_CSV);
  /** `application/sql` */
  static readonly APPLICATION_SQL = new Encoding(EncodingPredefined.APPLICATION_SQL);
  /** `application/coap-payload` */
  static readonly APPLICATION_COAP_PAYLOAD = new Encoding(EncodingPredefined.APPLICATION_COAP_PAYLOAD);
  /** `application/json-patch+json` */
  static readonly APPLICATION_JSON_PATCH_JSON = new Encoding(EncodingPredefined.APPLICATION_JSON_PATCH_JSON);
  /** `application/json-seq` */
  static readonly APPLICATION_JSON_SEQ = new Encoding(EncodingPredefined.APPLICATION_JSON_SEQ);
  /** `application/jsonpath` */
  static readonly APPLICATION_JSONPATH = new Encoding(EncodingPredefined.APPLICATION_JSONPATH);
  /** `application/jwt` */
  static readonly APPLICATION_JWT = new Encoding(EncodingPredefined.APPLICATION_JWT);
  /** `application/mp4` */
  static readonly APPLICATION_MP4 = new Encoding(EncodingPredefined.APPLICATION_MP4);
  /** `application/soap+xml` */
  static readonly APPLICATION_SOAP_XML = new Encoding(EncodingPredefined.APPLICATION_SOAP_XML);
  /** `application/yang` */
  static readonly APPLICATION_YANG = new Encoding(EncodingPredefined.APPLICATION_YANG);
  /** `audio/aac` */
  static readonly AUDIO_AAC = new Encoding(EncodingPredefined.AUDIO_AAC);
  /** `audio/flac` */
  static readonly AUDIO_FLAC = new Encoding(EncodingPredefined.AUDIO_FLAC);
  /** `audio/mp4` */
  static readonly AUDIO_MP4 = new Encoding(EncodingPredefined.AUDIO_MP4);
  /** `audio/ogg` */
  static readonly AUDIO_OGG = new Encoding(EncodingPredefined.AUDIO_OGG);
  /** `audio/vorbis` */
  static readonly AUDIO_VORBIS = new Encoding(EncodingPredefined.AUDIO_VORBIS);
  /** `video/h261` */
  static readonly VIDEO_H261 = new Encoding(EncodingPredefined.VIDEO_H261);
  /** `video/h263` */
  static readonly VIDEO_H263 = new Encoding(EncodingPredefined.VIDEO_H263);
  /** `video/h264` */
  static readonly VIDEO_H264 = new Encoding(EncodingPredefined.VIDEO_H264);
  /** `video/h265` */
  static readonly VIDEO_H265 = new Encoding(EncodingPredefined.VIDEO_H265);
  /** `video/h266` */
  static readonly VIDEO_H266 = new Encoding(EncodingPredefined.VIDEO_H266);
  /** `video/mp4` */
  static readonly VIDEO_MP4 = new Encoding(EncodingPredefined.VIDEO_MP4);
  /** `video/ogg` */
  static readonly VIDEO_OGG = new Encoding(EncodingPredefined.VIDEO_OGG);
  /** `video/raw` */
  static readonly VIDEO_RAW = new Encoding(EncodingPredefined.VIDEO_RAW);
  /** `video/vp8` */
  static readonly VIDEO_VP8 = new Encoding(EncodingPredefined.VIDEO_VP8);
  /** `video/vp9` */
  static readonly VIDEO_VP9 = new Encoding(EncodingPredefined.VIDEO_VP9);

  readonly #id: EncodingPredefined;
  readonly #schema: string | undefined;

  /**
   * With `EncodingPredefined.CUSTOM` the schema is the whole text. An empty schema is no schema: a custom encoding without
   * one has the empty text.
   *
   * @throws CoreError `INVALID_ARGUMENT` when the id is not an unsigned 16-bit number
   */
  constructor(id: EncodingPredefined, schema?: string) {
    if (!Number.isInteger(id) || id < 0 || id > 0xffff) {
      throw new CoreError('INVALID_ARGUMENT', `an encoding id is a 16-bit number, not ${id}`);
    }
    this.#id = id;
    // Rust keeps an empty schema, but loses it when it reads its own text: dropped here, so that the text stays equal.
    this.#schema = schema === '' ? undefined : schema;
  }

  /** `zenoh/bytes`, which is also what the empty text means. */
  static default(): Encoding {
    return Encoding.ZENOH_BYTES;
  }

  /** Reads the text form. Any text is an encoding: what is not in zenoh's table is a custom one. */
  static fromString(input: string): Encoding {
    if (input === '') return Encoding.default();
    const [name, schema] = splitOnce(input);
    const id = ENCODING_IDS.get(name);
    return id === undefined ? new Encoding(EncodingPredefined.CUSTOM, input) : new Encoding(id, schema);
  }

  /** The encoding itself, or the one that the text means. */
  static from(input: IntoEncoding): Encoding {
    return input instanceof Encoding ? input : Encoding.fromString(input.toString());
  }

  /** The same encoding with this schema instead of its own; the empty text takes the schema away. */
  withSchema(input: string): Encoding {
    if (this.#id !== EncodingPredefined.CUSTOM) return new Encoding(this.#id, input);
    const [name] = splitOnce(this.#schema ?? '');
    return Encoding.fromString(name === '' || input === '' ? name + input : name + SEPARATOR + input);
  }

  toString(): string {
    if (this.#id === EncodingPredefined.CUSTOM) return this.#schema ?? '';
    const name = ENCODING_NAMES[this.#id] ?? `unknown(${this.#id})`;
    return this.#schema === undefined ? name : name + SEPARATOR + this.#schema;
  }

  /** The number and the schema, as they are sent. */
  toIdSchema(): [EncodingPredefined, string?] {
    return this.#schema === undefined ? [this.#id] : [this.#id, this.#schema];
  }
}

function splitOnce(text: string): [name: string, schema: string] {
  const place = text.indexOf(SEPARATOR);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}
