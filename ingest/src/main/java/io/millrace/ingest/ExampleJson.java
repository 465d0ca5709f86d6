package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.ingest.decode.StrictJson;
import io.millrace.ingest.decode.UndecodableException;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Turns bytes into an example: UTF-8 with one JSON object, as {@link StrictJson} reads it; its texts are normalised. */
final class ExampleJson {

    private static final String ONE_OBJECT = "one JSON object";

    /** Nobody writes to it. */
    private static final ObjectNode NO_FIELDS = Json.mapper().createObjectNode();

    private ExampleJson() {}

    /**
     * The example in {@code value} if {@code rules} find nothing wrong with it, otherwise the first fault.
     *
     * @param regression whether the label may be a JSON number, and is brought to its one form
     */
    static Validation read(byte[] value, boolean regression, BiConsumer<ExampleFields, LabelledExample> rules) {
        LabelledExample plain = regression ? null : PlainExample.read(value);
        return plain == null
                ? readAny(value, regression, rules)
                : judged(new ExampleFields(NO_FIELDS), normalized(plain), rules);
    }

    /** The same, also of what is no {@link PlainExample}. */
    static Validation readAny(byte[] value, boolean regression, BiConsumer<ExampleFields, LabelledExample> rules) {
        JsonNode root;
        try {
            root = StrictJson.read(ByteBuffer.wrap(value), ONE_OBJECT);
        } catch (UndecodableException e) {
            return new Rejected(e.reason(), e.detail());
        }
        if (!(root instanceof ObjectNode object)) {
            return new Rejected(
                    RejectionReason.INVALID_JSON, "value: expected " + ONE_OBJECT + ", got " + StrictJson.typeOf(root));
        }
        ExampleFields fields = new ExampleFields(object);
        LabelledExample example = example(fields, regression);
        return judged(fields, example, rules);
    }

    private static Validation judged(
            ExampleFields fields, LabelledExample example, BiConsumer<ExampleFields, LabelledExample> rules) {
        rules.accept(fields, example);
        return fields.problem().<Validation>map(rejected -> rejected).orElseGet(() -> new Validation.Accepted(example));
    }

    @NullUnmarked
    private static LabelledExample normalized(LabelledExample example) {
        return new LabelledExample(
                example.id(),
                normalized(example.text()),
                normalized(example.textPair()),
                example.label(),
                null,
                null,
                example.attributes());
    }

    /** Null where a field is missing: the rules say which may be, and an example that breaks them is dropped. */
    @NullUnmarked
    private static LabelledExample example(ExampleFields fields, boolean regression) {
        return new LabelledExample(
                fields.string("id"),
                normalized(fields.string("text")),
                normalized(fields.string("textPair")),
                LabelRules.read(fields, regression),
                fields.instant("eventTime"),
                fields.number("weight"),
                fields.strings("attributes"));
    }

    private static @Nullable String normalized(@Nullable String text) {
        return text == null ? null : TextNormalizer.normalize(text);
    }
}
