package io.millrace.ingest.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.decode.UndecodableException;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies the fields of an example out of a decoded value, by the pointers of a source. */
final class FieldMapping {

    private final String id;
    private final List<MappedField> fields;
    private final Map<String, MappedField> attributes;

    private FieldMapping(String id, List<MappedField> fields, Map<String, MappedField> attributes) {
        this.id = id;
        this.fields = fields;
        this.attributes = attributes;
    }

    static FieldMapping ofTexts(SourceConfig config) {
        SourceFields pointers = config.fields();
        List<MappedField> fields = new ArrayList<>();
        add(fields, "text", pointers.text(), FieldType.TEXT, RejectionReason.EMPTY_TEXT);
        add(fields, "textPair", pointers.textPair(), FieldType.TEXT, RejectionReason.EMPTY_TEXT);
        add(fields, "label", pointers.label(), FieldType.SCALAR, RejectionReason.MISSING_LABEL);
        add(fields, "eventTime", pointers.time(), FieldType.TIME, null);
        Map<String, MappedField> attributes = new LinkedHashMap<>();
        config.attributes()
                .forEach((name, pointer) -> attributes.put(
                        name,
                        new MappedField("attributes." + name, JsonPointer.compile(pointer), FieldType.SCALAR, null)));
        return new FieldMapping(pointers.id(), fields, attributes);
    }

    static FieldMapping ofLabels(DelayedLabels labels) {
        List<MappedField> fields = new ArrayList<>();
        add(fields, "label", labels.label(), FieldType.SCALAR, RejectionReason.MISSING_LABEL);
        return new FieldMapping(labels.id(), fields, Map.of());
    }

    private static void add(
            List<MappedField> fields,
            String name,
            String pointer,
            FieldType type,
            @Nullable RejectionReason ifMissing) {
        Pointers.of(pointer).ifPresent(at -> fields.add(new MappedField(name, at, type, ifMissing)));
    }

    /** Copies all fields from {@code value} to {@code example}. */
    void copy(byte @Nullable [] key, JsonNode value, Origin origin, ObjectNode example) throws UndecodableException {
        example.put("id", idOf(key, value, origin));
        for (MappedField field : fields) {
            String copied = field.read(value);
            if (copied != null) {
                example.put(field.name(), copied);
            }
        }
        ObjectNode mapped = example.objectNode();
        for (Map.Entry<String, MappedField> attribute : attributes.entrySet()) {
            String copied = attribute.getValue().read(value);
            if (copied != null) {
                mapped.put(attribute.getKey(), copied);
            }
        }
        if (!mapped.isEmpty()) {
            example.set("attributes", mapped);
        }
    }

    private @Nullable String idOf(byte @Nullable [] key, JsonNode value, Origin origin) throws UndecodableException {
        if (id.isEmpty()) {
            return origin.topic() + "-" + origin.partition() + "-" + origin.offset();
        }
        return id.equals(SourceFields.KEY)
                ? textOf(key)
                : new MappedField("id", JsonPointer.compile(id), FieldType.ID, RejectionReason.INVALID_ID).read(value);
    }

    private static String textOf(byte @Nullable [] key) throws UndecodableException {
        if (key == null) {
            throw new UndecodableException(
                    RejectionReason.INVALID_ID, "id: expected the key of the record as fields.id says, got none");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UndecodableException(
                    RejectionReason.INVALID_ID,
                    "id: expected a key of the record in UTF-8, got a malformed byte sequence");
        }
    }
}
