package io.millrace.compare;

import io.millrace.compare.StreamRun.StreamResult;
import io.millrace.compare.report.TableFile;
import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult;
import io.millrace.trainer.config.TrainedTask;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the missing runs. It writes the results after each, so that an interrupted comparison keeps what it has. */
public final class Comparison {

    private final CompareOptions options;
    private final Function<TrainedTask, TrainableModel> newModel;
    private final ComparisonPlan plan;
    private final RunStore store;
    private final SavedModels savedModels;
    private final ResultFiles files;

    Comparison(CompareOptions options, Function<TrainedTask, TrainableModel> newModel) throws IOException {
        Path folder = options.destination().folder();
        this.options = options;
        this.newModel = newModel;
        plan = ComparisonPlan.of(options);
        store = new RunStore(folder.resolve("runs"));
        savedModels =
                new SavedModels(folder.resolve("models"), options.destination().saveModels());
        files = new ResultFiles(folder, new TableFile(options.destination().command(), plan.facts()));
    }

    /**
     * Compares.
     *
     * @param out gets one line per run
     */
    public static void run(CompareOptions options, PrintWriter out) throws IOException {
        new Comparison(options, LearnerModel::start).run(out);
    }

    /**
     * Reads all files as a comparison does, and returns how many examples it would train on.
     *
     * @throws IllegalArgumentException if it would refuse one of them
     */
    public static int check(CompareOptions.Data data) throws IOException {
        return ComparedData.read(data).stream().size();
    }

    void run(PrintWriter out) throws IOException {
        ComparisonProgress progress = new ComparisonProgress(out);
        List<PlannedRun> missing = new ArrayList<>();
        for (PlannedRun run : plan.runs()) {
            finished(run).ifPresentOrElse(progress::skipped, () -> missing.add(run));
        }
        writeResults();
        while (!missing.isEmpty()) {
            PlannedRun run = missing.remove(0);
            // Another process may have made it meanwhile.
            Optional<RunResult> found = finished(run);
            RunResult result = found.isPresent() ? found.get() : make(run);
            writeResults();
            if (found.isPresent()) {
                progress.skipped(result);
            } else {
                progress.finished(result, missing);
            }
        }
    }

    private Optional<RunResult> finished(PlannedRun run) throws IOException {
        Optional<RunResult> found = store.find(run);
        return savedModels.isDone(run) ? found : Optional.empty();
    }

    private RunResult make(PlannedRun run) throws IOException {
        try (TrainableModel model = newModel.apply(run.trained())) {
            StreamResult streamed =
                    plan.stream().run(model, run.trained().training().batching().batchSize());
            RunResult result = new RunResult(
                    run.fingerprint(),
                    run.method().label(),
                    run.method().described(),
                    run.seed(),
                    streamed.evaluations(),
                    streamed.cost());
            savedModels.save(run, model);
            store.write(run, result);
            return result;
        }
    }

    /** Writes again if another process finished a run meanwhile: these results replaced the ones it wrote. */
    private void writeResults() throws IOException {
        List<String> named = options.methods().stream().map(MethodChoice::label).toList();
        List<RunResult> runs = store.all(plan.shared());
        int written = 0;
        while (written < runs.size()) {
            files.write(Results.of(named, runs));
            written = runs.size();
            runs = store.all(plan.shared());
        }
    }
}
