package io.millrace.ingest.decode;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns the texts of .proto files into Protobuf's descriptors. */
final class ProtobufSchemas {

    /** Files that come with Protobuf: registries do not list them among the references. */
    private static final Map<String, FileDescriptor> WELL_KNOWN = Stream.of(
                    AnyProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    EmptyProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    WrappersProto.getDescriptor())
            .collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, Function.identity()));

    private ProtobufSchemas() {}

    static FileDescriptor parse(RegisteredSchema schema) {
        Map<String, FileDescriptor> known = new HashMap<>(WELL_KNOWN);
        schema.references().forEach((name, text) -> known.put(name, build(ProtoFile.parse(name, text), known)));
        return build(ProtoFile.parse("value.proto", schema.text()), known);
    }

    private static FileDescriptor build(FileDescriptorProto file, Map<String, FileDescriptor> known) {
        List<FileDescriptor> imports = file.getDependencyList().stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .toList();
        try {
            // A file that is not there may hold nothing but options, which are not needed.
            return FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new), true);
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
