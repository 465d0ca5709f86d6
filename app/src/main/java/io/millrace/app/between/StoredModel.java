package io.millrace.app.between;

import io.millrace.schemas.store.StorePaths;
import io.millrace.schemas.text.LogSafe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model that a command names.
 *
 * @param name as it was given
 * @param directory where its files are
 */
public record StoredModel(String name, Path directory) {

    private static final String CONFIG = "config.json";

    /**
     * Finds a model by the id of its checkpoint, among the published models of a task first, then among its checkpoints; or by
     * its directory.
     *
     * @throws IllegalArgumentException if there is none of this name; the message says where it was looked for
     */
    public static StoredModel find(Path store, String task, String name) {
        List<Path> places = Stream.of(
                        inStore(store, task + "/models/" + name), inStore(store, task + "/" + name), directory(name))
                .flatMap(Optional::stream)
                .toList();
        return places.stream()
                .filter(place -> Files.isRegularFile(place.resolve(CONFIG)))
                .findFirst()
                .map(place -> new StoredModel(name, place))
                .orElseThrow(() -> new IllegalArgumentException("no model " + LogSafe.quoted(name)
                        + ": expected a directory with config.json, the id of a checkpoint or of a published model, got"
                        + " nothing at " + places + ". List them with checkpoints list."));
    }

    private static Optional<Path> inStore(Path store, String location) {
        try {
            return Optional.of(StorePaths.resolve(store, location));
        } catch (IllegalArgumentException e) {
            // A path of the file system, which directory() reads.
            return Optional.empty();
        }
    }

    private static Optional<Path> directory(String name) {
        return LogSafe.isPlain(name) ? Optional.of(Path.of(name).toAbsolutePath()) : Optional.empty();
    }
}
