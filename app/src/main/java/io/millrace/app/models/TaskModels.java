package io.millrace.app.models;

import io.millrace.schemas.ByHand;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The verdicts on a task's checkpoints so far, and which of them have a name of their own. */
public final class TaskModels {

    /** Another name of the current model. */
    public static final String CHAMPION = "champion";

    /** Another name of the checkpoint that the gate judged last. */
    public static final String CHALLENGER = "challenger";

    private final String task;
    private final Map<String, Judged> byId = new LinkedHashMap<>();
    private Optional<Judged> champion = Optional.empty();
    private Optional<Judged> challenger = Optional.empty();
    private Optional<ByHand.Hold> hold = Optional.empty();

    /** A task without verdicts. */
    TaskModels(String task) {
        this.task = task;
    }

    /**
     * The newest verdict on a checkpoint.
     *
     * @param update the verdict
     * @param at when it was written
     */
    public record Judged(ModelUpdate update, Instant at) {

        /** The checkpoint's id. */
        public String id() {
            return update.model().checkpoint().id();
        }
    }

    /** Reads what the topics hold now. */
    public static TaskModels read(KafkaConnection kafka, String task) {
        TaskModels models = new TaskModels(task);
        forEach(kafka, Topics.MODEL_UPDATES, task, models::judged);
        forEach(kafka, Topics.REQUEST_OUTCOMES, task, (outcome, at) -> models.requested(outcome));
        return models;
    }

    private static <V> void forEach(KafkaConnection kafka, Topic<V> topic, String task, BiConsumer<V, Instant> each) {
        TopicReader.readAll(kafka, topic, record -> {
            if (task.equals(record.key()) && record.value() != null) {
                each.accept(
                        topic.valueSerde().deserializer().deserialize(record.topic(), record.value()),
                        Instant.ofEpochMilli(record.timestamp()));
            }
        });
    }

    /** Takes the next verdict. */
    void judged(ModelUpdate update, Instant at) {
        Judged judged = new Judged(update, at);
        byId.remove(judged.id());
        byId.put(judged.id(), judged);
        if (update.verdict() != Verdict.REJECTED) {
            champion = Optional.of(judged);
        }
        if (update.request() == null) {
            challenger = Optional.of(judged);
        }
    }

    /** Takes the next outcome of a request. */
    void requested(RequestOutcome outcome) {
        if (outcome.result() == RequestOutcome.Result.DONE) {
            ModelRequest request = outcome.request();
            switch (request.action()) {
                case HOLD -> hold = Optional.of(new ByHand.Hold(
                        request.by(),
                        request.reason(),
                        Instant.ofEpochMilli(outcome.origin().timestampMs())));
                case RELEASE -> hold = Optional.empty();
                case PROMOTE, ROLLBACK -> {
                    // Their verdicts say what they did.
                }
            }
        }
    }

    /** The checkpoints with a verdict, each with its newest one, oldest verdict first. */
    public Collection<Judged> all() {
        return Collections.unmodifiableCollection(new ArrayList<>(byId.values()));
    }

    /** The current model. */
    public Optional<Judged> champion() {
        return champion;
    }

    /** The checkpoint that the gate judged last; it may be the champion. */
    public Optional<Judged> challenger() {
        return challenger;
    }

    /** The hold, while the gate promotes nothing. */
    public Optional<ByHand.Hold> hold() {
        return hold;
    }

    /**
     * The checkpoint of this id or alias.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Judged named(String idOrAlias) {
        Optional<Judged> found =
                switch (idOrAlias) {
                    case CHAMPION -> champion;
                    case CHALLENGER -> challenger;
                    default -> Optional.ofNullable(byId.get(idOrAlias));
                };
        return found.orElseThrow(() -> new IllegalArgumentException("task " + task + " has no "
                + (idOrAlias.equals(CHAMPION) || idOrAlias.equals(CHALLENGER) ? "" : "judged checkpoint ") + idOrAlias
                + ". See: millrace models list --task " + task));
    }

    /** The id that an alias stands for; any other text as it is, because a checkpoint need not be judged to be promoted. */
    public String id(String idOrAlias) {
        boolean alias = idOrAlias.equals(CHAMPION) || idOrAlias.equals(CHALLENGER);
        return alias ? named(idOrAlias).id() : idOrAlias;
    }
}
