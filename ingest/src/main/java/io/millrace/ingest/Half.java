package io.millrace.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A text without its label, or a label without its text, on its way to the other. Its format on the internal topic is JSON.
 *
 * @param source name of the source
 * @param side which of the two
 * @param task the task; of a label null if the source has several
 * @param origin where it came from
 * @param example the fields that it has
 */
record Half(String source, Side side, @Nullable String task, Origin origin, ObjectNode example) {

    /** Is in no name of a source. */
    private static final String SEPARATOR = "/";

    /** What it is. */
    enum Side {
        TEXT,
        LABEL;

        String words() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** By which the two meet. */
    String key() {
        return source + SEPARATOR + id();
    }

    String id() {
        return example.path("id").asText();
    }

    String label() {
        return example.path("label").asText();
    }

    /** The key of its task on every topic; null if it has none. */
    byte @Nullable [] taskKey() {
        return task == null ? null : task.getBytes(StandardCharsets.UTF_8);
    }

    /** The fields as a record of {@code examples} has them. */
    byte[] value() {
        return Json.write(example).getBytes(StandardCharsets.UTF_8);
    }

    /** This text with that label. */
    Half with(Half label) {
        ObjectNode whole = example.deepCopy();
        whole.put("label", label.label());
        return new Half(source, side, task, origin, whole);
    }
}
