package io.millrace.ingest.decode;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import io.millrace.schemas.json.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the body of a message in a .proto file. */
final class ProtoMessage {

    private static final Set<String> SCALARS = Set.of(
            "double",
            "float",
            "int32",
            "int64",
            "uint32",
            "uint64",
            "sint32",
            "sint64",
            "fixed32",
            "fixed64",
            "sfixed32",
            "sfixed64",
            "bool",
            "string",
            "bytes");

    private static final Set<String> SKIPPED = Set.of("option", "reserved", "extensions", "extend");

    private final ProtoTokens tokens;
    private final boolean proto3;

    /** Fields of proto3 with the word optional: each gets a oneof of its own, behind the real ones. */
    private final List<FieldDescriptorProto.Builder> optional = new ArrayList<>();

    ProtoMessage(ProtoTokens tokens, boolean proto3) {
        this.tokens = tokens;
        this.proto3 = proto3;
    }

    /** Reads from the brace on. */
    DescriptorProto read(String name, int depth) {
        if (depth > Json.MAX_NESTING_DEPTH) {
            throw new IllegalArgumentException(
                    "expected at most " + Json.MAX_NESTING_DEPTH + " nested messages, got more");
        }
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            readStatement(message, depth);
        }
        for (FieldDescriptorProto.Builder field : optional) {
            field.setOneofIndex(message.getOneofDeclCount());
            message.addOneofDeclBuilder().setName("_" + field.getName());
            message.addField(field);
        }
        return message.build();
    }

    private void readStatement(DescriptorProto.Builder message, int depth) {
        if (tokens.takeIf("message")) {
            String name = tokens.takeName();
            message.addNestedType(new ProtoMessage(tokens, proto3).read(name, depth + 1));
        } else if (tokens.takeIf("enum")) {
            message.addEnumType(ProtoFile.readEnum(tokens));
        } else if (tokens.takeIf("oneof")) {
            readOneof(message, depth);
        } else if (SKIPPED.contains(tokens.peek())) {
            tokens.skipStatement();
        } else if (!tokens.takeIf(";")) {
            readField(message, FieldDescriptorProto.newBuilder(), depth);
        }
    }

    private void readOneof(DescriptorProto.Builder message, int depth) {
        int index = message.getOneofDeclCount();
        message.addOneofDeclBuilder().setName(tokens.takeName());
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            if (tokens.peek().equals("option")) {
                tokens.skipStatement();
            } else if (!tokens.takeIf(";")) {
                readField(message, FieldDescriptorProto.newBuilder().setOneofIndex(index), depth);
            }
        }
    }

    private void readField(DescriptorProto.Builder message, FieldDescriptorProto.Builder field, int depth) {
        boolean isOptional = tokens.takeIf("optional");
        field.setLabel(
                tokens.takeIf("repeated")
                        ? FieldDescriptorProto.Label.LABEL_REPEATED
                        : !isOptional && tokens.takeIf("required")
                                ? FieldDescriptorProto.Label.LABEL_REQUIRED
                                : FieldDescriptorProto.Label.LABEL_OPTIONAL);
        String type = tokens.takeName();
        if (type.equals("map") && tokens.takeIf("<")) {
            readMap(message, field);
            return;
        }
        field.setName(tokens.takeName());
        tokens.expect("=");
        field.setNumber(tokens.takeNumber());
        tokens.skipOptions();
        if (type.equals("group")) {
            String group = field.getName();
            message.addNestedType(new ProtoMessage(tokens, proto3).read(group, depth + 1));
            field.setName(group.toLowerCase(Locale.ROOT))
                    .setType(FieldDescriptorProto.Type.TYPE_GROUP)
                    .setTypeName(group);
        } else {
            setType(field, type);
            tokens.expect(";");
        }
        if (proto3 && isOptional) {
            optional.add(field.setProto3Optional(true));
        } else {
            message.addField(field);
        }
    }

    /** A map is a repeated message of a key and a value. */
    private void readMap(DescriptorProto.Builder message, FieldDescriptorProto.Builder field) {
        FieldDescriptorProto.Builder key = FieldDescriptorProto.newBuilder()
                .setName("key")
                .setNumber(1)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
        FieldDescriptorProto.Builder value = FieldDescriptorProto.newBuilder()
                .setName("value")
                .setNumber(2)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
        setType(key, tokens.takeName());
        tokens.expect(",");
        setType(value, tokens.takeName());
        tokens.expect(">");
        String name = tokens.takeName();
        tokens.expect("=");
        int number = tokens.takeNumber();
        tokens.skipOptions();
        tokens.expect(";");
        String entry = entryName(name);
        message.addNestedTypeBuilder()
                .setName(entry)
                .addField(key)
                .addField(value)
                .getOptionsBuilder()
                .setMapEntry(true);
        message.addField(field.setName(name)
                .setNumber(number)
                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(entry));
    }

    private static void setType(FieldDescriptorProto.Builder field, String type) {
        if (SCALARS.contains(type)) {
            field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
        } else {
            // A message or an enum; Protobuf finds out which.
            field.setTypeName(type);
        }
    }

    /** As protoc names it: {@code my_words} has entries of the type {@code MyWordsEntry}. */
    private static String entryName(String field) {
        StringBuilder name = new StringBuilder();
        boolean upper = true;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '_') {
                name.append(upper ? Character.toUpperCase(c) : c);
            }
            upper = c == '_';
        }
        return name.append("Entry").toString();
    }
}
