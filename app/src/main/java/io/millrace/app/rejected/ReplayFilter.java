package io.millrace.app.rejected;

import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.Instant;
import java.util.Optional;

/**
 * Which rejected records to send again.
 *
 * @param task only records of this task
 * @param reason only those rejected for this reason
 * @param since only those rejected at this time or later
 * @param until only those rejected before this time
 * @param origin only those that came from these offsets
 */
public record ReplayFilter(
        String task,
        Optional<RejectionReason> reason,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Offsets> origin) {

    /**
     * Offsets of one partition of {@code examples}.
     *
     * @param partition the partition
     * @param first the first offset
     * @param last the last offset
     */
    public record Offsets(int partition, long first, long last) {

        private boolean contains(ConsumerRecord<String, byte[]> record) {
            return RejectedRow.text(record, RejectionHeaders.PARTITION).equals(Integer.toString(partition))
                    && RejectedRow.number(record, RejectionHeaders.OFFSET)
                            .filter(offset -> offset >= first && offset <= last)
                            .isPresent();
        }
    }

    boolean takes(ConsumerRecord<String, byte[]> record) {
        Instant time = Instant.ofEpochMilli(record.timestamp());
        return task.equals(RejectedRecords.taskOf(record.key(), record.headers()))
                && reason.map(wanted -> wanted.wireName().equals(RejectedRow.reason(record)))
                        .orElse(true)
                && since.map(from -> !time.isBefore(from)).orElse(true)
                && until.map(time::isBefore).orElse(true)
                && origin.map(offsets -> offsets.contains(record)).orElse(true);
    }
}
