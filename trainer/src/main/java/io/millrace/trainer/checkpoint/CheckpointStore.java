package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointManifest.FileHash;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Json;
import io.millrace.schemas.Sha256;
import io.millrace.schemas.StorePaths;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The checkpoints of one task on disk, under {@code <store>/<task>/}. A reader sees a whole one or none: files are written into a
 * temporary directory and forced to disk, the manifest last, then the directory is renamed.
 */
public final class CheckpointStore {

    private static final String PREFIX = "checkpoint-";
    private static final String TEMPORARY = ".tmp-";

    private final Path root;
    private final String task;
    private final Path directory;

    /** What fills a checkpoint directory. */
    @FunctionalInterface
    public interface Content {
        /** Writes every file but the manifest. */
        void writeInto(Path directory) throws IOException;
    }

    public CheckpointStore(Path root, String task) {
        this.root = root;
        this.task = task;
        this.directory = root.resolve(task);
    }

    /** Removes what an interrupted write left behind. Call it before the first write, with no other writer alive. */
    public void removeStale() {
        try {
            Files.createDirectories(directory);
            for (Path child : children(TEMPORARY)) {
                delete(child);
            }
        } catch (IOException e) {
            throw failed("clean", directory, e);
        }
    }

    /**
     * Writes a checkpoint.
     *
     * @param step optimizer steps done
     * @param taken ids of announced checkpoints, whose directories must not be touched
     */
    public CheckpointReference write(
            long step, CheckpointManifest.Lineage lineage, Set<String> taken, Content content) {
        String id = idOf(step, taken);
        Path target = directory.resolve(id);
        Path temporary = directory.resolve(TEMPORARY + id);
        try {
            delete(temporary);
            Files.createDirectories(temporary);
            content.writeInto(temporary);
            CheckpointManifest manifest =
                    new CheckpointManifest(CheckpointManifest.FORMAT, task, id, step, lineage, hashes(temporary));
            Path manifestFile = temporary.resolve(CheckpointManifest.FILE_NAME);
            Files.writeString(manifestFile, Json.write(manifest) + "\n");
            for (Path file : files(temporary)) {
                force(file);
            }
            force(temporary);
            String sha256 = Sha256.of(manifestFile);
            // A directory of that name can only be one that was written but never announced.
            delete(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
            return new CheckpointReference(task, id, step, task + "/" + id, sha256);
        } catch (IOException e) {
            throw failed("write", target, e);
        }
    }

    /** A quarantined mini-batch moves the offsets but not the step: then the step's name is taken, and a number is added. */
    private static String idOf(long step, Set<String> taken) {
        String id = String.format(Locale.ROOT, PREFIX + "%06d", step);
        String candidate = id;
        for (int again = 2; taken.contains(candidate); again++) {
            candidate = id + "-" + again;
        }
        return candidate;
    }

    /** As {@link #keepNewest(int, Set)}, of a line of checkpoints that was never left. */
    public void keepNewest(int keep) {
        keepNewest(keep, Set.of());
    }

    /**
     * Deletes all but the newest {@code keep} checkpoints.
     *
     * @param abandoned ids of those that training has gone back behind: they go first, though their steps may be higher
     */
    public void keepNewest(int keep, Set<String> abandoned) {
        try {
            List<Path> checkpoints = new ArrayList<>(children(PREFIX));
            // The sort is stable: within each half the order stays.
            checkpoints.sort(Comparator.comparing(
                    child -> !abandoned.contains(child.getFileName().toString())));
            for (Path old : checkpoints.subList(0, Math.max(0, checkpoints.size() - keep))) {
                // Renamed first: a reader must not see half a checkpoint.
                Path doomed = directory.resolve(TEMPORARY + old.getFileName());
                delete(doomed);
                Files.move(old, doomed, StandardCopyOption.ATOMIC_MOVE);
                delete(doomed);
            }
        } catch (IOException e) {
            throw failed("delete old checkpoints in", directory, e);
        }
    }

    /**
     * The newest checkpoint that is whole. The trainer service does not ask: it goes by what was announced.
     *
     * @throws io.millrace.schemas.CorruptCheckpointException if the newest is not whole
     */
    public Optional<CheckpointManifest> newest() {
        try {
            List<Path> checkpoints = children(PREFIX);
            return checkpoints.isEmpty()
                    ? Optional.empty()
                    : Optional.of(CheckpointManifest.readVerified(checkpoints.get(checkpoints.size() - 1)));
        } catch (IOException e) {
            throw failed("list", directory, e);
        }
    }

    /** Directories of all checkpoints, announced or not, in the order of their steps. */
    public List<Path> all() {
        try {
            return Files.isDirectory(directory) ? children(PREFIX) : List.of();
        } catch (IOException e) {
            throw failed("list", directory, e);
        }
    }

    /** The directory that holds them. */
    public Path directory() {
        return directory;
    }

    /** Directory of a checkpoint by its id. */
    public Path directory(String id) {
        return directory.resolve(id);
    }

    /** Directory of a checkpoint by its location, which stands in messages as relative to the store. */
    public Path resolve(CheckpointReference reference) {
        return StorePaths.resolve(root, reference.location());
    }

    private List<Path> children(String prefix) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> child.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparingLong(CheckpointStore::stepOf)
                            // The names of one step differ in a number at the end: 2 comes before 10.
                            .thenComparingInt(
                                    child -> child.getFileName().toString().length())
                            .thenComparing(Path::getFileName))
                    .toList();
        }
    }

    private static long stepOf(Path checkpoint) {
        String digits = checkpoint.getFileName().toString().replaceFirst("^\\D*(\\d*).*$", "$1");
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }

    private static Map<String, FileHash> hashes(Path directory) throws IOException {
        Map<String, FileHash> hashes = new TreeMap<>();
        for (Path file : files(directory)) {
            hashes.put(file.getFileName().toString(), FileHash.of(file));
        }
        return hashes;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static UncheckedIOException failed(String what, Path path, IOException e) {
        return new UncheckedIOException(
                "cannot " + what + " " + path + ": " + e + ". Is the disk full, or not writable?", e);
    }
}
