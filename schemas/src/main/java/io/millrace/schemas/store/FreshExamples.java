package io.millrace.schemas.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.json.Json;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code fresh.jsonl} of a checkpoint: the newest examples that were trained since its parent, one JSON line each, oldest
 * first, with whether the model was right on each before it was trained on it. The evaluator asks the champion the same.
 */
public final class FreshExamples {

    public static final String FILE_NAME = "fresh.jsonl";

    /** Most examples in one checkpoint. It bounds what the comparison with the champion costs per checkpoint. */
    public static final int MAX = 512;

    /** Most characters of their texts, all together. */
    public static final int MAX_CHARS = 4 << 20;

    private FreshExamples() {}

    /** Writes the file into a checkpoint directory, unless there are no examples. The same examples give the same bytes. */
    public static void write(Path directory, List<FreshExample> examples) throws IOException {
        if (examples.isEmpty()) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        examples.forEach(example -> lines.append(Json.write(example)).append('\n'));
        Files.writeString(directory.resolve(FILE_NAME), lines);
    }

    /**
     * The examples of a checkpoint; none if it has no such file, as those of old versions.
     *
     * @throws CorruptCheckpointException if the file is not one that {@link #write} writes
     * @throws UncheckedIOException if the disk fails
     */
    public static List<FreshExample> read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<FreshExample> examples = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null && examples.size() < MAX; line = lines.readLine()) {
                examples.add(Json.mapper().readValue(line, FreshExample.class));
            }
            return examples;
        } catch (JsonProcessingException e) {
            throw new CorruptCheckpointException(
                    file + " line " + (examples.size() + 1) + " is not a fresh example: " + Json.fault(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e, e);
        }
    }
}
