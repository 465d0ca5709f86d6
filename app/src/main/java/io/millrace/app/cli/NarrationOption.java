package io.millrace.app.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.narration.Narrator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Whether a service tells on the console what it does. */
final class NarrationOption {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--quiet",
            description = "Print only where it runs: no progress, checkpoints, verdicts, drift and rejections, and no"
                    + " summary at the end.")
    private boolean quiet;

    /**
     * A narrator for the process with these meters, see {@link Narrator#start}.
     *
     * @param bar whether it may keep a line of progress at the bottom of a terminal: nothing else must write there
     */
    Narrator open(MillraceConfig config, MeterRegistry metrics, boolean bar) {
        boolean terminal = bar && Boolean.getBoolean("millrace.terminal");
        return new Narrator(
                new Narrator.Manner(quiet, terminal && !quiet, config.tasks().size() > 1),
                new ProgressPrinter(spec.commandLine().getOut(), terminal),
                metrics,
                config.store());
    }
}
