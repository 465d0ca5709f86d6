package io.millrace.ingest.decode;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which type of a .proto file a message has. Confluent's serializer writes the path to the type: the indexes of messages within
 * messages, as zigzag numbers behind their count, and a single zero for the first message. Apicurio's writes the name of the type,
 * in a message of its own behind its length. A path that looks like a name would lead through as many messages as the name
 * has letters, so that the two cannot be mistaken for each other.
 */
final class ProtobufType {

    /** The tag of the first field of a message, if it is a string. */
    private static final byte NAME_TAG = 0x0A;

    /** The length of the message, the tag, and the length of the name. */
    private static final int NAME_AT = 3;

    private ProtobufType() {}

    /** Reads the type from {@code in}, which is at the beginning of {@code body}. */
    static Descriptor read(FileDescriptor file, ByteBuffer body, CodedInputStream in) throws IOException {
        Optional<Descriptor> named = name(body).flatMap(name -> all(file.getMessageTypes())
                .filter(type ->
                        type.getName().equals(name) || type.getFullName().equals(name))
                .findFirst());
        if (named.isPresent()) {
            in.skipRawBytes(1 + body.get(body.position()));
            return named.get();
        }
        int count = in.readSInt32();
        Descriptor type = at(file.getMessageTypes(), count == 0 ? 0 : in.readSInt32());
        for (int i = 1; i < count; i++) {
            type = at(
                    type.getNestedTypes().stream()
                            .filter(nested -> !nested.getOptions().getMapEntry())
                            .toList(),
                    in.readSInt32());
        }
        return type;
    }

    private static Optional<String> name(ByteBuffer body) {
        int start = body.position();
        if (body.remaining() < NAME_AT || body.get(start + 1) != NAME_TAG) {
            return Optional.empty();
        }
        int length = body.get(start + 2);
        if (length < 0 || body.get(start) != length + 2 || body.remaining() < NAME_AT + length) {
            return Optional.empty();
        }
        byte[] name = new byte[length];
        body.get(start + NAME_AT, name);
        return Optional.of(new String(name, StandardCharsets.UTF_8));
    }

    private static Stream<Descriptor> all(List<Descriptor> types) {
        return types.stream().flatMap(type -> Stream.concat(Stream.of(type), all(type.getNestedTypes())));
    }

    private static Descriptor at(List<Descriptor> types, int index) throws IOException {
        if (index < 0 || index >= types.size()) {
            throw new IOException("message " + index + " of " + types.size());
        }
        return types.get(index);
    }
}
