package io.millrace.app.rejected;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a replay sends, or with {@code dryRun} would send.
 *
 * @param task the task
 * @param dryRun whether nothing was sent
 * @param records the records that are sent, the oldest first
 * @param left how many more there are than one replay sends
 * @param replayed how many an earlier replay has sent
 * @param rejectedAgain how many are left out because ingest would reject them again, by reason
 * @param undecided how many are left out because only the stream shows whether they are accepted now, by reason
 * @param elsewhere how many are left out because they did not come from {@code examples}, by the topic that they came from
 * @param cut those that cannot be sent, because only their beginning was kept
 */
public record Replay(
        String task,
        boolean dryRun,
        List<Sent> records,
        long left,
        long replayed,
        Map<String, Long> rejectedAgain,
        Map<String, Long> undecided,
        Map<String, Long> elsewhere,
        List<Place> cut) {

    public Replay {
        records = List.copyOf(records);
        rejectedAgain = Map.copyOf(rejectedAgain);
        undecided = Map.copyOf(undecided);
        elsewhere = Map.copyOf(elsewhere);
        cut = List.copyOf(cut);
    }

    /**
     * Where a record was before it was rejected.
     *
     * @param topic the topic's name on the broker
     * @param partition the partition
     * @param offset the offset
     */
    public record Place(String topic, String partition, String offset) {

        @Override
        public String toString() {
            return topic + " " + partition + "@" + offset;
        }
    }

    /**
     * A record that is sent again.
     *
     * @param rejectedAt when it was rejected
     * @param reason why it was rejected
     * @param origin where it was before
     * @param id the example's id; absent if it has none that can be read
     * @param value its value, as text: what is sent
     */
    public record Sent(Instant rejectedAt, String reason, Place origin, @Nullable String id, String value) {}
}
