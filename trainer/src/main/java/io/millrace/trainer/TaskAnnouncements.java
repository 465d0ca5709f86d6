package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CheckpointRetention;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;
import java.util.function.IntConsumer;

/** Announces the checkpoints of one task, deletes those that are no longer needed, and tells of it. */
final class TaskAnnouncements implements AnnouncementSink {

    private final CheckpointAnnouncer announcer;
    private final CheckpointRetention retention;
    private final TrainerContext context;
    private final IntConsumer unjudged;
    private volatile int waiting;

    /** Announcements; {@code unjudged} shows how many checkpoints wait for a verdict. */
    TaskAnnouncements(
            CheckpointAnnouncer announcer,
            CheckpointRetention retention,
            TrainerContext context,
            IntConsumer unjudged) {
        this.announcer = announcer;
        this.retention = retention;
        this.context = context;
        this.unjudged = unjudged;
    }

    @Override
    public void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> pendingRecords) {
        retention.announced(announcer.announce(announcement, pendingRecords));
        waiting = retention.apply();
    }

    @Override
    public void announced(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> records) {
        unjudged.accept(waiting);
        context.published(announcement, records);
    }
}
