package io.millrace.encoder.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a JSON file of a checkpoint, key by key. Errors name the file and the key.
 *
 * @param object the file's content
 * @param file where it is
 */
public record ConfigReader(ObjectNode object, Path file) {

    private static final int MAX_VALUE_CHARS = 200;

    /** Reads a file. */
    public static ConfigReader of(Path file) {
        return of(file, bytes(file));
    }

    /**
     * Reads the bytes of a file.
     *
     * @param file named in errors
     */
    public static ConfigReader of(Path file, byte[] bytes) {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            if (json instanceof ObjectNode object) {
                return new ConfigReader(object, file);
            }
            throw new UnusableCheckpointException(
                    file + " must hold one JSON object, got " + json.getNodeType() + ". Copy the checkpoint again.");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new UnusableCheckpointException(
                    file + " must hold one JSON object, got text that is no JSON" + place
                            + ". Is it whole? Copy the checkpoint again.",
                    e);
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    /** Reads the bytes of a file, for a caller that also needs them unchanged. */
    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    private static UncheckedIOException cannotRead(Path file, IOException cause) {
        return new UncheckedIOException("cannot read " + file + ": " + cause.getMessage(), cause);
    }

    public String text(String key, String byDefault) {
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

    /** A number above 0. */
    double positive(String key, double byDefault) {
        double value = number(key, byDefault);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw wrong(key, "a number above 0");
        }
        return value;
    }

    int size(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw wrong(key, "a positive whole number");
        }
        return value.intValue();
    }

    /** A text that must be this one. */
    public void requireText(String key, String only) {
        if (!text(key, only).equals(only)) {
            throw wrong(key, only);
        }
    }

    /** A true or false that must be this one. */
    public void requireFlag(String key, boolean only) {
        if (flag(key, only) != only) {
            throw wrong(key, Boolean.toString(only));
        }
    }

    public boolean flag(String key, boolean byDefault) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return byDefault;
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.booleanValue();
    }

    /** A key that must be empty, because the feature that it asks for does not exist here. */
    public void requireNothing(String key) {
        JsonNode value = object.get(key);
        if (value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
            throw wrong(key, "absent");
        }
    }

    /** A whole number of at least {@code least}. */
    int whole(String key, int byDefault, int least) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return byDefault;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt() || value.intValue() < least) {
            throw wrong(key, "a whole number of at least " + least);
        }
        return value.intValue();
    }

    public UnusableCheckpointException wrong(String key, String expected) {
        return new UnusableCheckpointException(file + ": " + key + " must be " + expected + ", got "
                + LogSafe.line(String.valueOf(object.get(key)), MAX_VALUE_CHARS));
    }
}
