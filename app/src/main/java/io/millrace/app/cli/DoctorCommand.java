package io.millrace.app.cli;

import io.millrace.app.doctor.Doctor;
import io.millrace.app.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** {@code millrace doctor}. */
@Command(
        name = "doctor",
        description = {
            "Check whether Millrace can run here: one line per check, each ok, warn or FAIL with what to do.",
            "Checks Java, memory, PyTorch and the GPU; with --config also the encoders, the store, the broker and its topics.",
            "Creates nothing on the broker."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no check has failed", "1:one has failed", "2:wrong usage"})
public final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final JsonOption json = JsonOption.one(Report.class);

    /**
     * The answer.
     *
     * @param failures how many checks have failed
     * @param findings the outcome of each check
     */
    record Report(int failures, List<Finding> findings) {}

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration to check.")
    private Path config;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> report = json.wanted() ? findings::add : finding -> out.println(finding.line());
        int failures = new Doctor(report).examine(Optional.ofNullable(config));
        if (json.wanted()) {
            json.print(new Report(failures, findings));
        }
        return failures == 0 ? 0 : 1;
    }
}
