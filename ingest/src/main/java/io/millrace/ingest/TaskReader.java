package io.millrace.ingest;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Third step, in the partition of the task: reads the example again. It is validated again, because ingest may have been
 * restarted with another configuration between the two steps.
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
