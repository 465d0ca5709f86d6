package io.millrace.ingest;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Third step, in the partition of the task: reads the example once more. It is judged again, because between the two
 * steps may lie a restart with another configuration; the same bytes are cheaper to judge than to trust.
 */
final class TaskReader extends ContextualFixedKeyProcessor<byte[], ExampleRecord, Candidate> {

    private final ExampleValidator validator;

    TaskReader(ExampleValidator validator) {
        this.validator = validator;
    }

    @Override
    public void process(FixedKeyRecord<byte[], ExampleRecord> record) {
        ExampleRecord example = record.value();
        Validation validation = validator.validate(record.key(), example.value());
        Candidate candidate = new Candidate(example.value(), example.origin(), validation);
        context().forward(record.withValue(candidate).withTimestamp(context().currentSystemTimeMs()));
    }
}
