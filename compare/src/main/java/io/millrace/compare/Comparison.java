package io.millrace.compare;

import io.millrace.compare.StreamRun.Outcome;
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

/** Makes the runs that are missing and writes the results anew after each, so that a cut comparison leaves what it has. */
public final class Comparison {

    private final CompareOptions options;
    private final Function<TrainedTask, TrainableModel> students;
    private final ComparisonPlan plan;
    private final RunStore store;
    private final SavedModels models;
    private final ResultFiles files;

    Comparison(CompareOptions options, Function<TrainedTask, TrainableModel> students) throws IOException {
        Path folder = options.output().folder();
        this.options = options;
        this.students = students;
        plan = ComparisonPlan.of(options);
        store = new RunStore(folder.resolve("runs"));
        models = new SavedModels(folder.resolve("models"), options.output().saveModels());
        files = new ResultFiles(folder, new TableFile(options.output().command(), plan.facts()));
    }

    /**
     * Compares.
     *
     * @param out takes one line a run
     */
    public static void run(CompareOptions options, PrintWriter out) throws IOException {
        new Comparison(options, LearnerModel::start).run(out);
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
            // Another process may have made it by now.
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
        return models.isDone(run) ? found : Optional.empty();
    }

    private RunResult make(PlannedRun run) throws IOException {
        try (TrainableModel student = students.apply(run.trained())) {
            Outcome outcome = plan.stream()
                    .teach(student, run.trained().training().batching().batchSize());
            RunResult result = new RunResult(
                    run.fingerprint(),
                    run.method().label(),
                    run.method().described(),
                    run.seed(),
                    outcome.evaluations(),
                    outcome.cost());
            models.save(run, student);
            store.write(run, result);
            return result;
        }
    }

    /** Once more if meanwhile another process has finished a run and written results that these have replaced. */
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
