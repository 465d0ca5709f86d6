package io.millrace.app.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.util.List;

/**
 * Examples in a row whose labels are wrong: each gets the next label in the list.
 *
 * @param labels the task's labels
 * @param first the first wrong line, counted from 0
 * @param count how many are wrong; none if 0
 */
record WrongLabels(List<String> labels, long first, long count) {

    WrongLabels {
        labels = List.copyOf(labels);
    }

    /** No wrong label. */
    static WrongLabels none() {
        return new WrongLabels(List.of(), 0, 0);
    }

    /** A line of the stream as it is sent. */
    byte[] applyTo(byte[] line, long number) throws IOException {
        if (number < first || number >= first + count) {
            return line;
        }
        ObjectNode example = (ObjectNode) Json.mapper().readTree(line);
        int label = labels.indexOf(example.get("label").asText());
        example.put("label", labels.get((label + 1) % labels.size()));
        return Json.mapper().writeValueAsBytes(example);
    }
}
