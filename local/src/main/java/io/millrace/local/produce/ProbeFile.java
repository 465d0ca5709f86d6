package io.millrace.local.produce;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a probe set from JSON lines. Unlike in the stream, a bad line here is an error: a probe set is made by hand, and
 * one that silently lacks examples would measure something else.
 *
 * @param task the task that it probes
 * @param probeSet its name
 * @param distribution in or out of the training distribution
 */
public record ProbeFile(String task, String probeSet, Distribution distribution) {

    /** All examples of {@code lines}, in their order. */
    public List<ProbeExample> read(ByteLines lines) throws IOException {
        List<ProbeExample> probes = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            LabelledExample example = parse(line, lines.position());
            requireText(example.id(), "id", lines.position());
            requireText(example.text(), "text", lines.position());
            requireText(example.label(), "label", lines.position());
            if (!ids.add(example.id())) {
                throw new IllegalArgumentException(
                        lines.position() + ": id must be unique in a probe set, got \"" + example.id() + "\" again");
            }
            probes.add(new ProbeExample(task, probeSet, distribution, example));
        }
        return probes;
    }

    private static LabelledExample parse(byte[] line, String position) throws IOException {
        try {
            LabelledExample example = Json.mapper().readValue(line, LabelledExample.class);
            if (example != null) {
                return example;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    position + " must be an example as a JSON object: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(position + " must be an example as a JSON object, got null");
    }

    private static void requireText(String value, String field, String position) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(position + ": " + field + " must be a text, got "
                    + (value == null ? "nothing" : "\"" + value + "\""));
        }
    }
}
