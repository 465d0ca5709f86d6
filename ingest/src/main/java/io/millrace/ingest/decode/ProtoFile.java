package io.millrace.ingest.decode;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;

/**
 * Reads a .proto file of proto2 or proto3 as far as messages are decoded by it: imports, the package, messages and enums.
 * Options, services and extensions are skipped. Whether names and numbers make sense is checked by Protobuf itself.
 */
final class ProtoFile {

    private final ProtoTokens tokens;
    private final FileDescriptorProto.Builder file;

    private ProtoFile(String name, String text) {
        this.tokens = new ProtoTokens(text);
        this.file = FileDescriptorProto.newBuilder().setName(name);
    }

    /**
     * Reads the file.
     *
     * @param name under which others import it
     * @throws IllegalArgumentException if the text is none
     */
    static FileDescriptorProto parse(String name, String text) {
        return new ProtoFile(name, text).read();
    }

    private FileDescriptorProto read() {
        file.setSyntax("proto2");
        while (!tokens.atEnd()) {
            readStatement();
        }
        return file.build();
    }

    private void readStatement() {
        if (tokens.takeIf("syntax")) {
            readSyntax();
        } else if (tokens.takeIf("edition")) {
            throw new IllegalArgumentException("expected syntax proto2 or proto3, got an edition");
        } else if (tokens.takeIf("import")) {
            readImport();
        } else if (tokens.takeIf("package")) {
            file.setPackage(tokens.takeName());
            tokens.expect(";");
        } else if (tokens.takeIf("message")) {
            String name = tokens.takeName();
            file.addMessageType(new ProtoMessage(tokens, file.getSyntax().equals("proto3")).read(name, 0));
        } else if (tokens.takeIf("enum")) {
            file.addEnumType(readEnum(tokens));
        } else if (!tokens.takeIf(";")) {
            tokens.skipStatement();
        }
    }

    private void readSyntax() {
        tokens.expect("=");
        String syntax = tokens.takeString();
        tokens.expect(";");
        if (!syntax.equals("proto2") && !syntax.equals("proto3")) {
            throw new IllegalArgumentException("expected syntax proto2 or proto3, got " + syntax);
        }
        file.setSyntax(syntax);
    }

    private void readImport() {
        boolean isPublic = tokens.takeIf("public");
        if (!isPublic) {
            tokens.takeIf("weak");
        }
        if (isPublic) {
            file.addPublicDependency(file.getDependencyCount());
        }
        file.addDependency(tokens.takeString());
        tokens.expect(";");
    }

    /** Reads an enum from its name on. */
    static EnumDescriptorProto readEnum(ProtoTokens tokens) {
        EnumDescriptorProto.Builder proto = EnumDescriptorProto.newBuilder().setName(tokens.takeName());
        tokens.expect("{");
        while (!tokens.takeIf("}")) {
            if (tokens.takeIf("option")) {
                readEnumOption(tokens, proto);
            } else if (tokens.takeIf("reserved")) {
                tokens.skipStatement();
            } else if (!tokens.takeIf(";")) {
                String name = tokens.takeName();
                tokens.expect("=");
                proto.addValueBuilder().setName(name).setNumber(tokens.takeNumber());
                tokens.skipOptions();
                tokens.expect(";");
            }
        }
        return proto.build();
    }

    private static void readEnumOption(ProtoTokens tokens, EnumDescriptorProto.Builder proto) {
        if (tokens.takeIf("allow_alias")) {
            tokens.expect("=");
            proto.getOptionsBuilder().setAllowAlias(tokens.takeName().equals("true"));
            tokens.expect(";");
        } else {
            tokens.skipStatement();
        }
    }
}
