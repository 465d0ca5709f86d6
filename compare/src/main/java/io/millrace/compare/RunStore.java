package io.millrace.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.compare.result.RunFingerprint;
import io.millrace.compare.result.RunResult;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.AtomicFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The finished runs of a comparison, one file per run. Results of another comparison are refused.
 *
 * @param folder the folder of the files
 */
record RunStore(Path folder) {

    private static final String SUFFIX = ".json";

    /** The finished run of {@code planned}, if there is one. */
    Optional<RunResult> find(PlannedRun planned) throws IOException {
        Path file = file(planned);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        RunResult found = read(file);
        refuse(file, planned.fingerprint().difference(found.fingerprint()));
        return Optional.of(found);
    }

    /** All finished runs, from every process. */
    List<RunResult> all(RunFingerprint comparison) throws IOException {
        List<RunResult> runs = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return runs;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(RunStore::isRun).sorted().toList()) {
                RunResult found = read(file);
                refuse(file, comparison.differenceOfComparison(found.fingerprint()));
                runs.add(found);
            }
        }
        return runs;
    }

    void write(PlannedRun planned, RunResult result) throws IOException {
        AtomicFile.write(
                file(planned), Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
    }

    private Path file(PlannedRun planned) {
        return folder.resolve(planned.fileName() + SUFFIX);
    }

    private static boolean isRun(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && !name.startsWith(".");
    }

    private static RunResult read(Path file) throws IOException {
        try {
            return Json.mapper().readValue(file.toFile(), RunResult.class);
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    file + " is not the result of a run: " + e.getOriginalMessage()
                            + ". Delete it to make the run again.",
                    e);
        }
    }

    private static void refuse(Path file, Optional<String> difference) {
        difference.ifPresent(what -> {
            throw new ConfigException(
                    file + " was made from " + what
                            + ". Results of different comparisons are not mixed: give another folder with --out, or delete this file.");
        });
    }
}
