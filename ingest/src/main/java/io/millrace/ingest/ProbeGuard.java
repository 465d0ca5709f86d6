package io.millrace.ingest;

import io.millrace.ingest.Validation.Accepted;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.ingest.seen.Fingerprints;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

import java.util.Optional;

/**
 * Fourth step: rejects an example whose text is in a probe set of its task, whatever its label. It precedes de-duplication,
 * so that a rejected example is not remembered as seen.
 */
final class ProbeGuard extends ContextualFixedKeyProcessor<byte[], Candidate, Candidate> {

    private final Fingerprints fingerprints = new Fingerprints();

    // Kafka Streams calls init before the first record.
    @SuppressWarnings("NullAway.Init")
    private ProbeIndex probes;

    @Override
    public void init(FixedKeyProcessorContext<byte[], Candidate> context) {
        super.init(context);
        this.probes = new ProbeIndex(context.getStateStore(ProbeIndex.STORE));
    }

    @Override
    public void process(FixedKeyRecord<byte[], Candidate> record) {
        Candidate candidate = record.value();
        context()
                .forward(record.withValue(candidate.with(
                        candidate.validation().andThen(accepted -> check(TaskRegistry.name(record.key()), accepted)))));
    }

    private Validation check(String task, Accepted accepted) {
        if (probes.isEmpty()) {
            return accepted;
        }
        Optional<String> probe = probes.find(fingerprints.hexOf(TextFingerprint.textOf(task, accepted.example())));
        return probe.<Validation>map(key -> new Rejected(
                        RejectionReason.IN_PROBE_SET,
                        "text: expected one that is in no probe set, got that of probe " + LogSafe.quoted(key)))
                .orElse(accepted);
    }
}
