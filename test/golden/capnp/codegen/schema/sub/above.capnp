@0xd7b1f4a3c0e85a0f;
# In a folder; it imports from the folder above, and from beside it.

struct Above {
  left @0 :import "../ring-a.capnp".Left;
  color @1 :import "common.capnp".Color;
}
