package io.millrace.trainer.drift;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.drift.StreamDrift.OpenDrift;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The watch for drift in a checkpoint: one JSON object with the settings, the metrics that drift, and the state. */
public final class DriftFile {

    public static final String NAME = "drift.json";

    private static final String SETTINGS = "settings";
    private static final String OPEN = "open";
    private static final String ENDED = "ended";
    private static final String STATE = "state";

    private DriftFile() {}

    /** Writes a watch into a checkpoint directory, unless nothing was watched. The same watch gives the same bytes. */
    static void write(Path directory, TrainedTask trained, StreamDrift watch) throws IOException {
        Optional<String> content = taken(trained, watch);
        if (content.isPresent()) {
            write(directory, content.get());
        }
    }

    /** Writes what {@link #taken} gave into a checkpoint directory. */
    public static void write(Path directory, String content) throws IOException {
        Files.writeString(directory.resolve(NAME), content);
    }

    /** The content of the file for a checkpoint that is taken now; empty if nothing was watched. */
    public static Optional<String> taken(TrainedTask trained, StreamDrift watch) {
        Optional<String> content =
                watch.isEmpty() ? Optional.empty() : Optional.of(Json.write(node(trained, watch)) + "\n");
        watch.checkpointed();
        return content;
    }

    private static ObjectNode node(TrainedTask trained, StreamDrift watch) {
        ObjectNode file = Json.mapper().createObjectNode();
        file.put(SETTINGS, settings(trained));
        ArrayNode open = file.putArray(OPEN);
        watch.open().forEach(open::addPOJO);
        ArrayNode ended = file.putArray(ENDED);
        watch.ended().forEach(ended::addPOJO);
        watch.keep(SavedState.saving(file.putObject(STATE)));
        return file;
    }

    /**
     * The watch in {@code directory}; a new one if there is none, as in checkpoints of earlier versions, or if the settings have changed. A
     * new one reports the end of drifts that the old one has left open.
     */
    public static StreamDrift read(Path directory, TrainedTask trained) {
        Path path = directory.resolve(NAME);
        if (!Files.isRegularFile(path)) {
            return new StreamDrift(trained);
        }
        try {
            JsonNode file = Json.mapper().readTree(path.toFile());
            StreamDrift watch;
            if (!file.path(SETTINGS).asText().equals(settings(trained))) {
                watch = new StreamDrift(trained, drifts(file.path(OPEN)));
            } else if (file.get(STATE) instanceof ObjectNode state) {
                watch = new StreamDrift(trained, drifts(file.path(ENDED)));
                watch.keep(SavedState.restoring(state));
            } else {
                throw new IllegalArgumentException(STATE + " is missing");
            }
            watch.checkpointed();
            return watch;
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IllegalArgumentException(
                    path + " is not the state of a watch for drift: " + e.getMessage()
                            + ". Delete the checkpoint to resume from the one before it.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** Whether a checkpoint holds a watch with other settings than a task has now. */
    public static boolean hasOtherSettings(Path directory, TrainedTask trained) {
        return settingsOf(directory)
                .filter(saved -> !saved.equals(settings(trained)))
                .isPresent();
    }

    private static Optional<String> settingsOf(Path directory) {
        Path path = directory.resolve(NAME);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Json.mapper().readTree(path.toFile()).path(SETTINGS).asText());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static List<OpenDrift> drifts(JsonNode array) throws JsonProcessingException {
        List<OpenDrift> drifts = new ArrayList<>();
        for (JsonNode drift : array) {
            drifts.add(Json.mapper().treeToValue(drift, OpenDrift.class));
        }
        return drifts;
    }

    private static String settings(TrainedTask trained) {
        return Json.write(List.of(trained.task().kind(), trained.training().drift()));
    }
}
