package io.millrace.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/**
 * Reads single keys of a {@code config.json}; what is not as expected is named with its file and key.
 *
 * @param object the file's content
 * @param file where it stands
 */
record ConfigReader(ObjectNode object, Path file) {

    String text(String key, String byDefault) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return byDefault;
        }
        if (!value.isTextual()) {
            throw wrong(key, "a string");
        }
        return value.textValue();
    }

    double number(String key, double byDefault) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return byDefault;
        }
        if (!value.isNumber()) {
            throw wrong(key, "a number");
        }
        return value.doubleValue();
    }

    int size(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.canConvertToInt() || value.intValue() < 1) {
            throw wrong(key, "a positive whole number");
        }
        return value.intValue();
    }

    void requireOneOf(String key, String only) {
        if (!text(key, only).equals(only)) {
            throw wrong(key, only);
        }
    }

    void requireFlag(String key, boolean only) {
        JsonNode value = object.get(key);
        if (value != null && value.isBoolean() && value.booleanValue() != only) {
            throw wrong(key, Boolean.toString(only));
        }
    }

    UnusableCheckpointException wrong(String key, String expected) {
        return new UnusableCheckpointException(file + ": " + key + " must be " + expected + ", got " + object.get(key));
    }
}
