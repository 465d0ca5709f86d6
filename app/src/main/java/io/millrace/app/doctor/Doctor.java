package io.millrace.app.doctor;

import io.millrace.app.config.MillraceConfig;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs all checks, from the machine outwards. It changes nothing but one empty file, which it removes from the store again. */
public final class Doctor {

    private final Consumer<Finding> report;
    private int failures;

    /** {@code report}: takes each finding as soon as it is known, since a broker that is away takes seconds. */
    public Doctor(Consumer<Finding> report) {
        this.report = report;
    }

    /**
     * Runs the checks.
     *
     * @param file the configuration; without one only the machine is checked
     * @return how many checks have failed
     */
    public int examine(Optional<Path> file) throws InterruptedException {
        add(MachineChecks.run());
        add(EngineChecks.run());
        if (file.isPresent()) {
            MillraceConfig config = read(file.get());
            if (config != null) {
                add(EncoderChecks.run(config));
                add(StoreChecks.run(config));
                add(new BrokerChecks(config.kafka()).run());
                add(new SourceFindings(config).run());
            }
        }
        return failures;
    }

    /** The configuration; null if it cannot be read. */
    @Nullable
    MillraceConfig read(Path file) {
        try {
            MillraceConfig config = MillraceConfig.read(file);
            add(List.of(Finding.ok(
                    "configuration",
                    file + ", tasks: " + String.join(", ", config.tasks().keySet()))));
            return config;
        } catch (RuntimeException e) {
            // The message names the file, the key and the remedy.
            add(List.of(Finding.fail("configuration", String.valueOf(e.getMessage()))));
            return null;
        }
    }

    private void add(List<Finding> findings) {
        for (Finding finding : findings) {
            failures += finding.level() == Finding.Level.FAIL ? 1 : 0;
            report.accept(finding);
        }
    }
}
