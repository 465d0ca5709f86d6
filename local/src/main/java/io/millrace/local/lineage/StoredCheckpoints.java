package io.millrace.local.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.CheckpointManifest.Outcome;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.CorruptCheckpointException;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Sha256;
import io.millrace.schemas.StorePaths;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Compares announcements with what lies in the store. Old checkpoints are deleted by the trainer; those that are there must be whole and
 * say what was announced, and the newest must be there.
 */
final class StoredCheckpoints {

    private final Path store;
    private final List<String> faults = new ArrayList<>();
    private int found;

    StoredCheckpoints(Path store) {
        this.store = store;
    }

    /** Checks the chain. */
    void check(List<CheckpointAnnouncement> links) throws IOException {
        for (int i = 0; i < links.size(); i++) {
            CheckpointAnnouncement link = links.get(i);
            Path directory = StorePaths.resolve(store, link.checkpoint().location());
            if (Files.isDirectory(directory)) {
                found++;
                check(link, directory);
            } else if (i == links.size() - 1) {
                faults.add(link.checkpoint().id() + ", the newest, is missing: there is no " + directory);
            }
        }
    }

    /** Checkpoints of the chain that are in the store. */
    int found() {
        return found;
    }

    List<String> faults() {
        return faults;
    }

    private void check(CheckpointAnnouncement link, Path directory) throws IOException {
        CheckpointReference reference = link.checkpoint();
        Path manifestFile = directory.resolve(CheckpointManifest.FILE_NAME);
        if (!Files.isRegularFile(manifestFile) || !Sha256.of(manifestFile).equals(reference.sha256())) {
            faults.add(manifestFile + " is not the announced one: expected SHA-256 " + reference.sha256());
            return;
        }
        try {
            CheckpointManifest manifest = CheckpointManifest.readVerified(directory);
            if (!manifest.id().equals(reference.id())
                    || !manifest.task().equals(reference.task())
                    || manifest.step() != reference.step()
                    || !manifest.lineage().offsets().equals(link.offsets())
                    || !Objects.equals(manifest.lineage().gap(), link.gap())) {
                faults.add(manifestFile + " says another checkpoint, step or range than was announced");
            }
            checkMiniBatches(link, manifest);
        } catch (CorruptCheckpointException e) {
            faults.add(e.getMessage());
        }
    }

    /** Mini-batches tile the range from its first offset; behind the last one only records that no model can learn may lie. */
    private void checkMiniBatches(CheckpointAnnouncement link, CheckpointManifest manifest) {
        OffsetRange gap = manifest.lineage().gap();
        // Behind a move the gap is what was left in the partition before.
        boolean isHere = gap != null && gap.partition() == link.offsets().partition();
        long next = isHere ? gap.next() : link.offsets().first();
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
            faults.add(manifest.id() + ": its mini-batches end at " + next + ", behind its range");
        }
        if (trained != link.examples()) {
            faults.add(manifest.id() + ": its mini-batches trained " + trained + " examples, announced were "
                    + link.examples());
        }
    }
}
