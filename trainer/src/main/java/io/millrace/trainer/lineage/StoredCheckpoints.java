package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.StorePaths;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares announcements with the store. The trainer deletes old checkpoints; the rest must be whole and match their announcements, and
 * the newest must be there. Each folder is listed once, however many checkpoints were announced in it: on the store of a cluster, a
 * lookup per deleted checkpoint would take hours.
 */
final class StoredCheckpoints {

    private final Path store;
    private final Folders folders;
    private final Map<String, Set<String>> namesByFolder = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private int found;

    /** Names of the directories in a folder; none if the folder does not exist. */
    @FunctionalInterface
    interface Folders {
        Set<String> in(Path folder) throws IOException;
    }

    StoredCheckpoints(Path store) {
        this(store, StoredCheckpoints::directories);
    }

    StoredCheckpoints(Path store, Folders folders) {
        this.store = store;
        this.folders = folders;
    }

    /** Checks the chain. */
    void check(List<CheckpointAnnouncement> links) throws IOException {
        for (int i = 0; i < links.size(); i++) {
            CheckpointAnnouncement link = links.get(i);
            String location = link.checkpoint().location();
            if (isThere(location)) {
                found++;
                check(link, StorePaths.resolve(store, location));
            } else if (i == links.size() - 1) {
                faults.add(link.checkpoint().id() + ", the newest, is missing: there is no "
                        + StorePaths.resolve(store, location));
            }
        }
    }

    private boolean isThere(String location) throws IOException {
        int slash = location == null ? -1 : location.lastIndexOf('/');
        if (slash < 0) {
            return Files.isDirectory(StorePaths.resolve(store, location));
        }
        String folder = location.substring(0, slash);
        Set<String> names = namesByFolder.get(folder);
        if (names == null) {
            names = folders.in(StorePaths.resolve(store, folder));
            namesByFolder.put(folder, names);
        }
        return names.contains(location.substring(slash + 1));
    }

    private static Set<String> directories(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toSet());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Set.of();
        }
    }

    /** Number of checkpoints of the chain that are in the store. */
    int found() {
        return found;
    }

    List<String> faults() {
        return faults;
    }

    private void check(CheckpointAnnouncement link, Path directory) {
        CheckpointReference reference = link.checkpoint();
        try {
            CheckpointManifest manifest = CheckpointManifest.readVerified(directory, reference);
            if (manifest.step() != reference.step()
                    || !manifest.lineage().offsets().equals(link.offsets())
                    || !Objects.equals(manifest.lineage().gap(), link.gap())) {
                faults.add(directory.resolve(CheckpointManifest.FILE_NAME)
                        + " says another step or range than was announced");
            }
            checkMiniBatches(link, manifest);
        } catch (CorruptCheckpointException e) {
            faults.add(e.getMessage());
        }
    }

    /** Mini-batches must tile the range from its first offset; after the last one, only records that no model can learn may follow. */
    private void checkMiniBatches(CheckpointAnnouncement link, CheckpointManifest manifest) {
        OffsetRange gap = manifest.lineage().gap();
        // After a move, the gap is in the old partition.
        long next = gap != null && gap.partition() == link.offsets().partition()
                ? gap.next()
                : link.offsets().first();
        long trained = 0;
        for (MiniBatchRange miniBatch : manifest.lineage().miniBatches()) {
            if (miniBatch.first() != next || miniBatch.next() < miniBatch.first()) {
                faults.add(manifest.id() + ": the mini-batch [" + miniBatch.first() + ", " + miniBatch.next()
                        + ") does not begin at " + next + ", where the one before it ended");
            }
            next = miniBatch.next();
            boolean isTrained = miniBatch.outcome() == Outcome.TRAINED || miniBatch.outcome() == Outcome.TRAINED_SHORT;
            trained += isTrained ? miniBatch.examples() : 0;
        }
        if (next > link.offsets().next()) {
            faults.add(manifest.id() + ": its mini-batches end at " + next + ", after its range");
        }
        if (trained != link.examples()) {
            faults.add(manifest.id() + ": its mini-batches trained " + trained + " examples, announced were "
                    + link.examples());
        }
    }
}
