package io.millrace.compare.report;

import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult;
import io.millrace.compare.result.RunResult.Evaluation;
import io.millrace.compare.result.RunResult.Score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every number of every run, one per row. Cells without a meaning, such as the forgetting of a cost, are empty. */
public final class RunsCsv {

    private static final String HEADER = "method,seed,step,examples,probeSet,measure,value,forgetting\n";

    private RunsCsv() {}

    /** The whole file. */
    public static String of(Results results) {
        StringBuilder csv = new StringBuilder(HEADER);
        for (String method : results.methods()) {
            for (RunResult run : results.of(method)) {
                for (int i = 0; i < run.evaluations().size(); i++) {
                    appendScores(csv, run, i);
                }
                costs(run.cost()).forEach((name, value) -> append(csv, run, run.last(), List.of("", name, value, "")));
            }
        }
        return csv.toString();
    }

    private static void appendScores(StringBuilder csv, RunResult run, int evaluation) {
        Evaluation at = run.evaluations().get(evaluation);
        for (Score score : at.scores()) {
            String probeSet = score.probeSet();
            String forgetting =
                    probeSet.equals(Results.TEST_THEN_TRAIN) ? "" : number(run.forgetting(probeSet, evaluation));
            append(csv, run, at, List.of(probeSet, score.measure().wireName(), number(score.value()), forgetting));
        }
    }

    private static Map<String, String> costs(RunResult.Cost cost) {
        Map<String, String> costs = new LinkedHashMap<>();
        costs.put("step-seconds", number(cost.stepSeconds()));
        costs.put("seconds-per-example", number(cost.secondsPerExample()));
        costs.put("updates-not-applied", Long.toString(cost.notApplied()));
        costs.put("run-seconds", number(cost.seconds()));
        return costs;
    }

    private static void append(StringBuilder csv, RunResult run, Evaluation at, List<String> cells) {
        csv.append(quoted(run.method())).append(',').append(run.seed()).append(',');
        csv.append(at.step()).append(',').append(at.examples());
        cells.forEach(cell -> csv.append(',').append(quoted(cell)));
        csv.append('\n');
    }

    private static String quoted(String cell) {
        return cell.matches("[^,\"\\r\\n]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    private static String number(double value) {
        return Double.toString(value);
    }
}
