package io.millrace.trainer.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.ReplayConfig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A replay buffer in a checkpoint: JSON lines, the sampler's state first, then the examples in the order of their slots. */
public final class ReplayFile {

    public static final String NAME = "replay.jsonl";

    private ReplayFile() {}

    /** Writes the buffer into a checkpoint directory. The same buffer gives the same bytes. */
    public static void write(Path directory, ReplayBuffer buffer) throws IOException {
        StringBuilder lines = new StringBuilder(Json.write(buffer.samplerState())).append('\n');
        buffer.examples().forEach(example -> lines.append(Json.write(example)).append('\n'));
        Files.writeString(directory.resolve(NAME), lines);
    }

    /** The buffer in {@code directory}; an empty one if there is none, as when replay was switched on later. */
    public static ReplayBuffer read(Path directory, ReplayConfig config) {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return new ReplayBuffer(config);
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            ReplayBuffer.SamplerState state =
                    Json.mapper().readValue(lines.readLine(), ReplayBuffer.SamplerState.class);
            List<LabelledExample> examples = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                examples.add(Json.mapper().readValue(line, LabelledExample.class));
            }
            return new ReplayBuffer(config, state, examples);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is not a replay buffer: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
