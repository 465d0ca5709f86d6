package io.millrace.local.demo;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the feed has said so far, by checkpoint. */
final class DemoLedger implements EventFeed.Listener {

    private final TreeMap<Long, CheckpointAnnouncement> announcements = new TreeMap<>();
    private final TreeMap<Long, List<ProbeScore>> scores = new TreeMap<>();
    private final Set<Long> judged = new HashSet<>();
    private ModelUpdate lastPromoted;

    @Override
    public void checkpoint(CheckpointAnnouncement announcement) {
        announcements.put(announcement.checkpoint().step(), announcement);
    }

    @Override
    public void evaluation(CheckpointEvaluation evaluation) {
        scores.put(evaluation.checkpoint().step(), evaluation.scores());
    }

    @Override
    public void drift(DriftEvent event) {
        // Drift is shown when it comes, and stands in no table.
    }

    @Override
    public void modelUpdate(ModelUpdate update) {
        judged.add(update.model().checkpoint().step());
        if (update.model().location() != null) {
            lastPromoted = update;
        }
    }

    /** The announced checkpoints, oldest first. */
    Collection<CheckpointAnnouncement> checkpoints() {
        return Collections.unmodifiableCollection(announcements.values());
    }

    /** Steps done up to the newest checkpoint. */
    long steps() {
        return announcements.isEmpty() ? 0 : announcements.lastKey();
    }

    /** First offset of {@code accepted-examples} that is in no checkpoint yet. */
    long nextOffset() {
        return announcements.isEmpty()
                ? 0
                : announcements.lastEntry().getValue().offsets().next();
    }

    /** The scores of the evaluated checkpoints, oldest first. */
    Collection<List<ProbeScore>> evaluations() {
        return Collections.unmodifiableCollection(scores.values());
    }

    /** The newest published model. */
    Optional<ModelUpdate> lastPublished() {
        return Optional.ofNullable(lastPromoted);
    }

    /** How many examples the checkpoints up to {@code step} were trained on. */
    long examplesThrough(long step) {
        return announcements.headMap(step, true).values().stream()
                .mapToLong(CheckpointAnnouncement::examples)
                .sum();
    }

    /** Whether the verdict on the newest checkpoint is there; true if there is no checkpoint. */
    boolean lastCheckpointJudged() {
        return announcements.isEmpty() || judged.contains(announcements.lastKey());
    }
}
