package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * When a drop in test-then-train accuracy is reported on {@code drift}.
 *
 * @param window examples over which accuracy is taken; default 500
 * @param margin drop below the best window so far at which drift starts; it ends within half of that; default 0.1
 */
public record DriftConfig(Integer window, Double margin) {

    private static final DriftConfig DEFAULTS = new DriftConfig(500, 0.1);

    public DriftConfig {
        window = window == null ? DEFAULTS.window : window;
        margin = margin == null ? DEFAULTS.margin : margin;
        require(window >= 1, "drift.window", "at least 1", window);
        require(margin > 0 && margin <= 1, "drift.margin", "in (0, 1]", margin);
    }

    /** The defaults. */
    static DriftConfig defaults() {
        return DEFAULTS;
    }
}
