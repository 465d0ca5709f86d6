package io.millrace.app.page;

import io.millrace.app.models.ModelFiles;
import io.millrace.app.page.view.TaskFold;
import io.millrace.app.predict.LabelPrediction;
import io.millrace.app.predict.Prediction;
import io.millrace.app.predict.PredictionRun;
import io.millrace.app.predict.ScorePrediction;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the current model and the newest checkpoint about a sentence. One at a time, on a thread of its own and on the CPU, so that training
 * hardly notices; a few may wait. Models stay loaded for a while.
 */
final class ModelTrial implements AutoCloseable {

    static final int MAX_WAITING = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ModelTrial.class);

    private static final int MAX_LOADED = 2;
    private static final int SHOWN_LABELS = 5;
    private static final int MAX_FAULT_CHARS = 400;
    private static final long KEPT_MINUTES = 5;
    private static final long CLOSING_S = 10;
    private static final Compute COMPUTE = new Compute("cpu", Precision.F32);

    private final ModelFiles files;
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final Map<String, TextClassifier> loaded = new LinkedHashMap<>(4, 0.75f, true);
    private final ExecutorService worker = Executors.newSingleThreadExecutor(ModelTrial::thread);
    private volatile long lastUsedNanos = System.nanoTime();
    private volatile boolean anyLoaded;

    /**
     * The answers of both.
     *
     * @param champion that of the current model
     * @param newest that of the newest checkpoint
     * @param same whether both are the same checkpoint
     */
    record Answers(Answer champion, Answer newest, boolean same) {}

    /**
     * The answer of a model, or why there is none.
     *
     * @param checkpoint its id
     * @param step its step
     * @param labels the most probable labels; absent for a regression
     * @param score the number of a regression
     * @param millis how long the answer took, without loading the model
     * @param fault why there is no answer
     */
    record Answer(
            @Nullable String checkpoint,
            @Nullable Long step,
            @Nullable List<Label> labels,
            @Nullable Float score,
            @Nullable Long millis,
            @Nullable String fault) {

        static Answer none(String fault) {
            return new Answer(null, null, null, null, null, fault);
        }
    }

    /**
     * A label.
     *
     * @param label its name
     * @param probability its probability
     */
    record Label(String label, float probability) {}

    /** Models are taken from the store at {@code store}. */
    ModelTrial(Path store) {
        files = new ModelFiles(store);
    }

    /** Asks; empty if too many wait. */
    Optional<CompletableFuture<Answers>> ask(TaskFold task, TextInput input) {
        if (!room.tryAcquire()) {
            return Optional.empty();
        }
        return Optional.of(CompletableFuture.supplyAsync(() -> answers(task, input), worker)
                .whenComplete((answers, failure) -> room.release()));
    }

    private Answers answers(TaskFold task, TextInput input) {
        lastUsedNanos = System.nanoTime();
        Optional<PublishedModel> champion = task.champion().map(ModelUpdate::model);
        Optional<PublishedModel> newest =
                task.newest().map(announcement -> new PublishedModel(announcement.checkpoint(), null, null));
        boolean same = champion.isPresent()
                && newest.isPresent()
                && champion.get().checkpoint().equals(newest.get().checkpoint());
        Answer first = champion.map(model -> answer(model, input))
                .orElseGet(
                        () -> Answer.none("No model is promoted yet. The first verdict follows the first checkpoint."));
        Answer second = same
                ? first
                : newest.map(model -> answer(model, input))
                        .orElseGet(() ->
                                Answer.none("There is no checkpoint yet. The trainer writes the first one soon."));
        return new Answers(first, second, same);
    }

    private Answer answer(PublishedModel model, TextInput input) {
        String id = model.checkpoint().id();
        long step = model.checkpoint().step();
        try {
            TextClassifier classifier = classifier(model);
            long start = System.nanoTime();
            Prediction prediction =
                    PredictionRun.modelOf(classifier).apply(List.of(input)).get(0);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (prediction instanceof LabelPrediction labels) {
                return new Answer(id, step, most(labels), null, millis, null);
            }
            return new Answer(id, step, null, ((ScorePrediction) prediction).score(), millis, null);
        } catch (IOException | RuntimeException e) {
            String fault = LogSafe.line(String.valueOf(e.getMessage()), MAX_FAULT_CHARS);
            return new Answer(id, step, null, null, null, fault);
        }
    }

    private static List<Label> most(LabelPrediction prediction) {
        return prediction.probabilities().entrySet().stream()
                .sorted(Map.Entry.<String, Float>comparingByValue().reversed())
                .limit(SHOWN_LABELS)
                .map(entry -> new Label(entry.getKey(), entry.getValue()))
                .toList();
    }

    private TextClassifier classifier(PublishedModel model) throws IOException {
        String key = model.checkpoint().location() + " " + model.checkpoint().sha256();
        TextClassifier present = loaded.get(key);
        if (present != null) {
            return present;
        }
        if (loaded.size() >= MAX_LOADED) {
            Iterator<TextClassifier> eldest = loaded.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
        TextClassifier classifier = TextClassifier.load(files.locate(model), COMPUTE);
        loaded.put(key, classifier);
        anyLoaded = true;
        return classifier;
    }

    /** Unloads models that nobody asks any more. Called once per second. */
    void turn() {
        if (anyLoaded && System.nanoTime() - lastUsedNanos >= TimeUnit.MINUTES.toNanos(KEPT_MINUTES)) {
            worker.execute(this::unload);
        }
    }

    private void unload() {
        loaded.values().forEach(TextClassifier::close);
        loaded.clear();
        anyLoaded = false;
    }

    @Override
    public void close() {
        try {
            worker.submit(this::unload).get(CLOSING_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("A model of the page is left to the end of the process: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.shutdownNow();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "page-trial");
        thread.setDaemon(true);
        return thread;
    }
}
