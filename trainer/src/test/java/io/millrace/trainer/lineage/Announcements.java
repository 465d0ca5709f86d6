package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps announcements in place of a topic. */
public final class Announcements implements AnnouncementSink {

    private final List<CheckpointAnnouncement> announced = new CopyOnWriteArrayList<>();
    private final List<List<ProducerRecord<String, byte[]>>> records = new CopyOnWriteArrayList<>();

    private volatile Consumer<CheckpointAnnouncement> before = announcement -> {};

    /** Calls {@code hook} before each announcement, on the thread that announces. */
    public void before(Consumer<CheckpointAnnouncement> hook) {
        before = hook;
    }

    @Override
    public void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> pendingRecords) {
        before.accept(announcement);
        announced.add(announcement);
        records.add(pendingRecords);
    }

    /** Announcements so far, oldest first. */
    public List<CheckpointAnnouncement> all() {
        return announced;
    }

    public CheckpointAnnouncement last() {
        return announced.get(announced.size() - 1);
    }

    /** Records sent in the transactions of all announcements after the first {@code first}. */
    public List<ProducerRecord<String, byte[]>> recordsSince(int first) {
        return records.subList(first, records.size()).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Records sent in the transaction of the newest announcement. */
    public List<ProducerRecord<String, byte[]>> lastRecords() {
        return records.get(records.size() - 1);
    }
}
