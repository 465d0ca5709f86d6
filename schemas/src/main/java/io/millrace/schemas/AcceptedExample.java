package io.millrace.schemas;

/**
 * An example that ingest has validated and normalised: what the trainer reads.
 *
 * @param example the example, its texts normalised
 * @param origin the record on {@code examples} that it came from
 */
public record AcceptedExample(LabelledExample example, Origin origin) {}
