package io.millrace.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A program that makes a {@link BenchRun} in a process of its own and prints {@link RunFigures}. */
interface TrainingLoop {

    /** The command line of a run. */
    List<String> command(BenchRun run);

    /** The learner of this build. */
    static TrainingLoop ours() {
        return run -> RunProcess.java(LearnerRun.class, run.size().threads(), run);
    }

    /** Another program; {@code words} start it. */
    static TrainingLoop peer(List<String> words) {
        return run -> {
            List<String> command = new ArrayList<>(words);
            command.addAll(List.of(
                    "--encoder", run.encoder().toString(),
                    "--stream", run.stream().toString(),
                    "--method", run.method().label(),
                    "--batch", Integer.toString(run.size().batch()),
                    "--max-length", Integer.toString(run.size().maxTokens()),
                    "--steps", Integer.toString(run.size().steps()),
                    "--threads", Integer.toString(run.size().threads()),
                    "--lr", Double.toString(BenchRun.LEARNING_RATE)));
            if (!BenchRun.word(run.precision()).equals("f32")) {
                command.add("--" + BenchRun.word(run.precision()));
            }
            return command;
        };
    }

    /**
     * Makes the run and waits for its end.
     *
     * @throws IllegalStateException if the program fails or prints no figures
     */
    default RunFigures run(BenchRun run) throws IOException, InterruptedException {
        return RunProcess.figures(run.toString(), command(run), RunFigures.class);
    }
}
