package io.millrace.ingest.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.decode.UndecodableException;
import io.millrace.ingest.decode.ValueDecoder;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Maps the records of one topic of a source onto the fields of an example. It checks what only it can know, such as whether a
 * field is there; all rules for examples are those of ingest. Belongs to one thread.
 */
public final class RecordMapping {

    private final ValueDecoder decoder;
    private final TaskOfRecord task;
    private final FieldMapping fields;

    private RecordMapping(ValueDecoder decoder, TaskOfRecord task, FieldMapping fields) {
        this.decoder = decoder;
        this.task = task;
        this.fields = fields;
    }

    /** Of the topic of the texts. */
    public static RecordMapping ofTexts(SourceConfig config, SchemaRegistry registry) {
        return new RecordMapping(
                config.format().decoder(registry), TaskOfRecord.of(config), FieldMapping.ofTexts(config));
    }

    /** Of the topic of the labels. Their task is known only if the source has but one. */
    public static RecordMapping ofLabels(SourceConfig config, DelayedLabels labels, SchemaRegistry registry) {
        return new RecordMapping(
                labels.format().decoder(registry), TaskOfRecord.ofLabels(config), FieldMapping.ofLabels(labels));
    }

    /** The key of its task, without looking into its value; null if that is unknown. */
    public byte @Nullable [] taskOf(byte @Nullable [] key) {
        return task.withoutValue(key);
    }

    /**
     * Maps one record.
     *
     * @throws io.millrace.ingest.decode.RegistryAwayException if a schema could not be had
     */
    public MappedRecord map(byte @Nullable [] key, byte[] value, Origin origin) {
        byte @Nullable [] taskKey = task.withoutValue(key);
        ObjectNode example = Json.mapper().createObjectNode();
        try {
            JsonNode decoded = decoder.decode(value);
            taskKey = task.of(key, decoded);
            fields.copy(key, decoded, origin, example);
            checkEncodable(example);
            return new MappedRecord(taskKey, example, null);
        } catch (UndecodableException e) {
            return new MappedRecord(taskKey, example, e);
        }
    }

    /** JSON's escapes can spell half a surrogate pair, which no UTF-8 text can hold. */
    private static void checkEncodable(ObjectNode example) throws UndecodableException {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(Json.write(example)));
        } catch (CharacterCodingException e) {
            throw new UndecodableException(
                    RejectionReason.INVALID_UTF8, "value: expected Unicode text, got half of a surrogate pair");
        }
    }
}
