package io.millrace.schemas;

/**
 * An example that ingest has validated and normalised: what the trainer reads.
 *
 * @param example the example, its texts normalised
 * @param origin the record on {@code examples} that it came from
 */
public record AcceptedExample(LabelledExample example, Origin origin) {

    public AcceptedExample {
        Required.field("AcceptedExample.example", example);
        Required.field("AcceptedExample.example.id", example.id());
        Required.field("AcceptedExample.example.text", example.text());
        Required.field("AcceptedExample.example.label", example.label());
        Required.field("AcceptedExample.origin", origin);
    }
}
