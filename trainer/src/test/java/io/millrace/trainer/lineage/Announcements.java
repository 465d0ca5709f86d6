package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a run announces, in the place of a topic. */
public final class Announcements implements AnnouncementSink {

    private final List<CheckpointAnnouncement> announced = new ArrayList<>();
    private final List<List<ProducerRecord<String, byte[]>>> outbox = new ArrayList<>();

    @Override
    public void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> records) {
        announced.add(announcement);
        outbox.add(records);
    }

    /** Announcements so far, oldest first. */
    public List<CheckpointAnnouncement> all() {
        return announced;
    }

    public CheckpointAnnouncement last() {
        return announced.get(announced.size() - 1);
    }

    /** What left in the transactions of all announcements but the first so many. */
    List<ProducerRecord<String, byte[]>> castOutSince(int first) {
        return outbox.subList(first, outbox.size()).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** What left in the transaction of the newest announcement. */
    public List<ProducerRecord<String, byte[]>> lastCastOut() {
        return outbox.get(outbox.size() - 1);
    }
}
