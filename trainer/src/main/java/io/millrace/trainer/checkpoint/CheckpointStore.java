package io.millrace.trainer.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.StorePaths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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
 *
 * <p>Several processes may use one store at once: a trainer that lost its task may not know it yet. So a checkpoint is never replaced,
 * as it may be the one that another process announced. It is deleted only if it is known to have been announced, or to remain
 * unannounced for ever.
 */
public final class CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private static final String PREFIX = "checkpoint-";

    /** Clocks are not set back further than this in one step. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    private final Path root;
    private final String task;
    private final Path directory;

    /** Fills a checkpoint directory. */
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

    /** Removes temporary directories of interrupted writes, but not those that another process is still writing. */
    public void removeStale() {
        try {
            Files.createDirectories(directory);
            for (Path child : children(TemporaryDirectory.PREFIX)) {
                if (TemporaryDirectory.isLeftBehind(child)) {
                    DirectoryTree.delete(child);
                }
            }
        } catch (IOException e) {
            throw failed("clean", directory, e);
        }
    }

    /** The time by the file system's clock, which also dates the checkpoints. */
    public FileTime time() {
        try {
            Files.createDirectories(directory);
            Path probe = Files.createFile(directory.resolve(TemporaryDirectory.nameFor("time")));
            FileTime time = Files.getLastModifiedTime(probe);
            Files.delete(probe);
            return time;
        } catch (IOException e) {
            throw failed("write to", directory, e);
        }
    }

    /**
     * Removes checkpoints that were written but never announced, as by a trainer that was killed between the two. To be sure of that,
     * the caller first fences every earlier trainer of the task, then takes the {@link #time}, then reads the announcements: a checkpoint
     * written before that time and not announced by then never will be. One whose parent was not announced stays: the topic may have
     * lost their announcements.
     *
     * @param announced ids of all announced checkpoints
     * @param fenced the time at which no earlier trainer could announce any more
     */
    public void removeUnannounced(Collection<String> announced, FileTime fenced) {
        try {
            for (Path checkpoint : children(PREFIX)) {
                String id = checkpoint.getFileName().toString();
                if (!announced.contains(id) && continues(checkpoint, announced, fenced)) {
                    LOG.info("task {}: {} was never announced, and is deleted", task, id);
                    delete(checkpoint);
                }
            }
        } catch (IOException e) {
            throw failed("delete unannounced checkpoints in", directory, e);
        }
    }

    /** Whether a checkpoint was written before a time and its parent was announced. */
    private static boolean continues(Path checkpoint, Collection<String> announced, FileTime before)
            throws IOException {
        Path manifest = checkpoint.resolve(CheckpointManifest.FILE_NAME);
        Instant last = before.toInstant().minus(CLOCK_STEP);
        if (!Files.isRegularFile(manifest)
                || !Files.getLastModifiedTime(manifest).toInstant().isBefore(last)) {
            return false;
        }
        try {
            String parent = Json.mapper()
                    .readValue(manifest.toFile(), CheckpointManifest.class)
                    .lineage()
                    .parent();
            return parent != null && announced.contains(parent);
        } catch (JacksonException e) {
            LOG.warn(
                    "{} was never announced, and its manifest cannot be read. Delete it if it is not needed.",
                    checkpoint);
            return false;
        }
    }

    /**
     * Writes a checkpoint. Its id contains the step. If that id is taken, as after a quarantined mini-batch, which moves the offsets but
     * not the step, or a directory of that name exists, a number is added.
     *
     * @param step optimizer steps done
     * @param taken ids that are in use already
     */
    public CheckpointReference write(
            long step, CheckpointManifest.Lineage lineage, Set<String> taken, Content content) {
        String first = String.format(Locale.ROOT, PREFIX + "%06d", step);
        try (TemporaryDirectory temporary = TemporaryDirectory.create(directory, first)) {
            Path written = temporary.path();
            content.writeInto(written);
            temporary.release();
            Map<String, FileHash> files = hashes(written);
            for (Path file : files(written)) {
                force(file);
            }
            int number = numberAfter(first, taken);
            while (true) {
                String id = number == 1 ? first : first + "-" + number;
                CheckpointManifest manifest =
                        new CheckpointManifest(CheckpointManifest.FORMAT, task, id, step, lineage, files);
                String sha256 = writeManifest(written, manifest);
                if (publish(written, directory.resolve(id))) {
                    force(directory);
                    return new CheckpointReference(task, id, step, task + "/" + id, sha256);
                }
                number++;
            }
        } catch (IOException e) {
            throw failed("write", directory.resolve(first), e);
        }
    }

    /** The number after the highest in use for this step: an ancestor's id is never used again, even if it is deleted. */
    private static int numberAfter(String first, Set<String> taken) {
        int number = taken.contains(first) ? 2 : 1;
        for (String id : taken) {
            String suffix = id.startsWith(first + "-") ? id.substring(first.length() + 1) : "";
            if (suffix.matches("\\d{1,9}")) {
                number = Math.max(number, Integer.parseInt(suffix) + 1);
            }
        }
        return number;
    }

    private static String writeManifest(Path written, CheckpointManifest manifest) throws IOException {
        Path file = written.resolve(CheckpointManifest.FILE_NAME);
        Files.writeString(file, Json.write(manifest) + "\n");
        force(file);
        force(written);
        return Sha256.of(file);
    }

    /** Renames a whole checkpoint, never onto another one. Whether the name was free. */
    private static boolean publish(Path written, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            // If one appears meanwhile, this fails: a directory cannot be renamed onto one that is not empty.
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            throw e;
        }
    }

    /** Deletes all but the newest {@code keep} checkpoints by step. Only for a single writer that announces nothing. */
    public void keepNewest(int keep) {
        try {
            List<Path> checkpoints = children(PREFIX);
            for (Path old : checkpoints.subList(0, Math.max(0, checkpoints.size() - keep))) {
                delete(old);
            }
        } catch (IOException e) {
            throw failed("delete old checkpoints in", directory, e);
        }
    }

    /** Whether it holds the checkpoint with this id. */
    public boolean holds(String id) {
        return Files.isDirectory(directory.resolve(id));
    }

    /** Deletes checkpoints by their ids. */
    public void delete(Collection<String> ids) {
        try {
            for (String id : ids) {
                delete(directory.resolve(id));
            }
        } catch (IOException e) {
            throw failed("delete old checkpoints in", directory, e);
        }
    }

    /** Renames it first: a reader must not see half a checkpoint. */
    private void delete(Path checkpoint) throws IOException {
        Path doomed = directory.resolve(
                TemporaryDirectory.nameFor(checkpoint.getFileName().toString()));
        try {
            Files.move(checkpoint, doomed, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        DirectoryTree.delete(doomed);
    }

    /**
     * The newest checkpoint by step. The trainer service does not use this: it relies on the announcements.
     *
     * @throws io.millrace.schemas.store.CorruptCheckpointException if the newest is not whole
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

    /** Directory of a checkpoint by its location, which messages hold relative to the store. */
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

    private static UncheckedIOException failed(String what, Path path, IOException e) {
        return new UncheckedIOException(
                "cannot " + what + " " + path + ": " + e + ". Is the disk full, or not writable?", e);
    }
}
