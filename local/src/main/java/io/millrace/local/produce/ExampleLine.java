package io.millrace.local.produce;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.schemas.ForeignText;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;

import java.io.IOException;

/** One line of a file of examples. */
public final class ExampleLine {

    private static final int MAX_FAULT_CHARS = 400;

    private ExampleLine() {}

    /**
     * The example in {@code line}; it has an id and a text, and its label may be absent.
     *
     * @param position where the line stands, for messages
     */
    public static LabelledExample parse(byte[] line, String position) throws IOException {
        LabelledExample example = read(line, position);
        requireText(example.id(), "id", position);
        requireText(example.text(), "text", position);
        return example;
    }

    /** Refuses a field that is absent or blank. */
    public static void requireText(String value, String field, String position) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(position + ": " + field + " must be a text, got "
                    + (value == null ? "nothing" : ForeignText.quoted(value)));
        }
    }

    private static LabelledExample read(byte[] line, String position) throws IOException {
        try {
            LabelledExample example = Json.mapper().readValue(line, LabelledExample.class);
            if (example != null) {
                return example;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    position + " must be an example as a JSON object: "
                            + ForeignText.line(e.getOriginalMessage(), MAX_FAULT_CHARS),
                    e);
        }
        throw new IllegalArgumentException(position + " must be an example as a JSON object, got null");
    }
}
