@0xd7b1f4a3c0e85a05;
# Constants at the top and inside structs.

using Common = import "sub/common.capnp";
using Unions = import "unions.capnp";

const nothing :Void = void;
const yes :Bool = true;
# It is true.
const answer :Int32 = 42;
const least :Int64 = -9223372036854775808;
const most :UInt64 = 18446744073709551615;
const third :Float64 = 0.3333333333333333;
const tiny :Float32 = 1e-45;
const huge :Float64 = 1e300;
const nan :Float64 = nan;
const greeting :Text = "hello, world";
const bytes :Data = 0x"de ad be ef";
const favourite :Common.Color = darkBlue;
const origin :Common.Point = (x = 0, y = 0, label = "origin");
# Where everything begins.
const primes :List(UInt16) = [2, 3, 5, 7, 11];
const palette :List(Common.Color) = [red, darkBlue];
const corners :List(Common.Point) = [(x = 1), (x = 2, label = "two")];
const rows :List(List(Text)) = [["a", "b"], []];
const square :Unions.Shape = (area = 4, square = (side = 2), tag = (text = "sq"), corner = (marks = [(text = "m")]));

struct Holder {
  const maxSize :UInt32 = 65536;
  # The most there is.
  const title :Text = "Holder";
  const home :Common.Point = (x = 1, y = 2, label = .greeting);
  # Made of another constant.
  const later :Later = (value = 5);
  const shades :List(Common.Color) = [green];
  const items :List(Later) = [(value = 1), (value = 2)];
  field @0 :Int32 = .answer;
  point @1 :Common.Point = .origin;
}

struct Later {
  value @0 :Int32;
}
