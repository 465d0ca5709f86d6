package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;

import java.util.Map;

/** Announcements of a task for tests. */
final class SampleAnnouncement {

    static final String TASK = "intent";

    private SampleAnnouncement() {}

    /** Announces a checkpoint whose every record was trained. */
    static CheckpointAnnouncement of(String id, String parent, long first, long next) {
        return of(id, parent, new OffsetRange(0, first, next), next - first);
    }

    static CheckpointAnnouncement of(String id, String parent, OffsetRange offsets, long examples) {
        return new CheckpointAnnouncement(
                new CheckpointReference(TASK, id, 1, TASK + "/" + id, "0"), parent, offsets, examples, Map.of());
    }
}
