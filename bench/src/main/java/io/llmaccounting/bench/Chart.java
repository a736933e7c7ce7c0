package io.llmaccounting.bench;

import io.llmaccounting.bench.Curve.Point;
import io.llmaccounting.bench.Curve.Series;
import java.util.List;
import java.util.Locale;

/** Draws a curve as SVG: across by powers, up from zero. */
final class Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 320;
  private static final int LEFT = 80;
  private static final int RIGHT = 620;
  private static final int TOP = 50;
  private static final int BOTTOM = 260;
  private static final List<String> COLOURS = List.of("#1f6feb", "#d1570b", "#2da44e", "#8250df");

  private final Curve curve;
  private final StringBuilder svg = new StringBuilder();
  private final double most;
  private final double first;
  private final double last;

  private Chart(Curve curve) {
    this.curve = curve;
    List<Point> all = curve.series().stream().flatMap(one -> one.points().stream()).toList();
    this.most = ceiling(all.stream().mapToDouble(Point::y).max().orElse(1));
    this.first = all.stream().mapToDouble(Point::x).min().orElse(1);
    this.last = all.stream().mapToDouble(Point::x).max().orElse(10);
  }

  static String of(Curve curve) {
    return new Chart(curve).draw();
  }

  private static double ceiling(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    return Math.ceil(value / power) * power;
  }

  private String draw() {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        """
            .formatted(WIDTH, HEIGHT));
    text(LEFT, 24, "start", curve.title());
    text((LEFT + RIGHT) / 2.0, HEIGHT - 14, "middle", curve.across());
    text(LEFT, 42, "start", curve.up());
    grid();
    for (int i = 0; i < curve.series().size(); i++) {
      line(curve.series().get(i), COLOURS.get(i % COLOURS.size()));
      text(
          RIGHT - 110,
          TOP - 26 + 14 * i,
          "start",
          COLOURS.get(i % COLOURS.size()),
          curve.series().get(i).label());
    }
    return svg.append("</svg>\n").toString();
  }

  private void grid() {
    for (int i = 0; i <= 4; i++) {
      double value = most * i / 4;
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%1$d\" x2=\"%2$d\" y1=\"%3$.1f\" y2=\"%3$.1f\" stroke=\"#d0d7de\"/>\n",
              LEFT,
              RIGHT,
              up(value)));
      text(LEFT - 8, up(value) + 4, "end", Comparison.number(value));
    }
    if (!curve.series().isEmpty()) {
      for (Point point : curve.series().get(0).points()) {
        text(across(point.x()), BOTTOM + 18, "middle", Comparison.number(point.x()));
      }
    }
  }

  private void line(Series series, String colour) {
    StringBuilder points = new StringBuilder();
    for (Point point : series.points()) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", across(point.x()), up(point.y())));
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
              across(point.x()),
              up(point.y()),
              colour));
    }
    svg.append(
        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n"
            .formatted(colour, points.toString().strip()));
  }

  private double across(double x) {
    double span = Math.log(Math.max(last, first * 1.001)) - Math.log(first);
    return LEFT + 12 + (RIGHT - LEFT - 24) * (Math.log(x) - Math.log(first)) / span;
  }

  private double up(double y) {
    return BOTTOM - (BOTTOM - TOP) * y / most;
  }

  private void text(double x, double y, String anchor, String text) {
    text(x, y, anchor, "#24292f", text);
  }

  private void text(double x, double y, String anchor, String colour, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            colour,
            text.replace("&", "&amp;").replace("<", "&lt;")));
  }
}
