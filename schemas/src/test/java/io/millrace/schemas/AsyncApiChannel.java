package io.millrace.schemas;

import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What the document says of a topic that the code does not.
 *
 * @param topic the topic
 * @param record its records; null if they may be anything
 * @param summary what its records are
 * @param senders programs that write to it, by the command
 * @param receivers programs that read from it
 */
record AsyncApiChannel(
        Topic<?> topic,
        @Nullable Class<? extends Record> record,
        String summary,
        List<String> senders,
        List<String> receivers) {

    /** Programs of users that send. */
    static final String PRODUCERS = "producers";

    /** Programs of users that follow. */
    static final String CONSUMERS = "consumers";

    private static final String INGEST = "ingest";
    private static final String TRAINER = "trainer";
    private static final String EVALUATOR = "evaluator";
    private static final String PRODUCE = "produce";
    private static final String MODELS = "models";
    private static final String PROBES_LOAD = "probes load";
    private static final String REJECTED_LIST = "rejected list";
    private static final String REJECTED_REPLAY = "rejected replay";

    static final List<AsyncApiChannel> ALL = List.of(
            new AsyncApiChannel(
                    Topics.EXAMPLES,
                    LabelledExample.class,
                    "Labelled examples, as users send them.",
                    List.of(PRODUCERS, PRODUCE, REJECTED_REPLAY),
                    List.of(INGEST, REJECTED_REPLAY)),
            new AsyncApiChannel(
                    Topics.TEXTS,
                    UnlabelledText.class,
                    "Texts without a label. A task is read from the partition that Java's clients choose for its name.",
                    List.of(PRODUCERS, PRODUCE),
                    List.of(TRAINER)),
            new AsyncApiChannel(
                    Topics.PROBES,
                    ProbeExample.class,
                    "Labelled examples of probe sets: checkpoints are scored on them, and they are never trained on.",
                    List.of(PRODUCERS, PROBES_LOAD),
                    List.of(INGEST, EVALUATOR, PROBES_LOAD)),
            new AsyncApiChannel(
                    Topics.ACCEPTED_EXAMPLES,
                    AcceptedExample.class,
                    "Examples, validated and normalised: what is trained on.",
                    List.of(INGEST),
                    List.of(TRAINER)),
            new AsyncApiChannel(
                    Topics.REJECTED_EXAMPLES,
                    null,
                    "Rejected records, their bytes unchanged. The reason is in the headers.",
                    List.of(INGEST, TRAINER),
                    List.of(REJECTED_LIST, REJECTED_REPLAY, CONSUMERS)),
            new AsyncApiChannel(
                    Topics.CHECKPOINTS,
                    CheckpointAnnouncement.class,
                    "Checkpoints that are whole and on disk.",
                    List.of(TRAINER),
                    List.of(TRAINER, EVALUATOR, CONSUMERS)),
            new AsyncApiChannel(
                    Topics.EVALUATIONS,
                    CheckpointEvaluation.class,
                    "Every score of each checkpoint.",
                    List.of(EVALUATOR),
                    List.of(EVALUATOR, CONSUMERS)),
            new AsyncApiChannel(
                    Topics.DRIFT,
                    DriftEvent.class,
                    "A metric left its range, stays out, or is back.",
                    List.of(TRAINER, EVALUATOR),
                    List.of(CONSUMERS)),
            new AsyncApiChannel(
                    Topics.MODEL_UPDATES,
                    ModelUpdate.class,
                    "The verdict on each checkpoint, and the model that is current since.",
                    List.of(EVALUATOR),
                    List.of(TRAINER, EVALUATOR, MODELS, CONSUMERS)),
            new AsyncApiChannel(
                    Topics.MODEL_REQUESTS,
                    ModelRequest.class,
                    "Requests by hand about the models of a task.",
                    List.of(MODELS),
                    List.of(EVALUATOR)),
            new AsyncApiChannel(
                    Topics.REQUEST_OUTCOMES,
                    RequestOutcome.class,
                    "What became of each request by hand.",
                    List.of(EVALUATOR),
                    List.of(EVALUATOR, MODELS, CONSUMERS)),
            new AsyncApiChannel(
                    Topics.TASK_HISTORIES,
                    TaskHistorySnapshot.class,
                    "The sum of all verdicts on a task so far, for the evaluator's next start.",
                    List.of(EVALUATOR),
                    List.of(EVALUATOR)));

    /** Name of its message in the document. */
    String message() {
        return record == null ? "RejectedRecord" : record.getSimpleName();
    }
}
