# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# Pictures of a camera, one after the other.
@0x983407e716a6a2a6;

using Zenoh = import "/zenoh.capnp";

enum PixelFormat {
  rgb8 @0;
  # Three bytes for each pixel, row by row from the top left.
  gray8 @1;
  # One byte for each pixel.
}

struct Frame @0xe6208bdea37f1bc0 $Zenoh.key("cameras/{camera}/frames") $Zenoh.congestionControl(drop) {
  # One picture. A late one is worth nothing: where there is no room, it may be dropped.

  sequence @0 :UInt64;
  # Counts the pictures of a camera.

  time @1 :Int64;
  # When it was taken: nanoseconds since 1970-01-01, UTC.

  width @2 :UInt32;
  # Pixels.

  height @3 :UInt32;
  # Pixels.

  format @4 :PixelFormat;

  pixels @5 :Data;
}
