package io.millrace.encoder.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files of a checkpoint. */
public final class JsonFile {

    private JsonFile() {}

    /** The object that a file holds. */
    public static ObjectNode object(Path file) {
        return object(file, bytes(file));
    }

    /**
     * The object in the bytes of a file.
     *
     * @param file named where they are no object
     */
    public static ObjectNode object(Path file, byte[] bytes) {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            if (json instanceof ObjectNode object) {
                return object;
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
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
