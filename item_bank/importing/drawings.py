"""What stands in a run beside its text: pictures inline, anchored or in VML, embedded equations, charts, shapes."""

from __future__ import annotations

from lxml import etree

from item_bank.importing.blocks import Atom, Unsupported
from item_bank.importing.package import Package
from item_bank.importing.pictures import Gallery, pixels_of_emu, pixels_of_style
from item_bank.importing.styles import W

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 - the namespace's own name

_DRAWN_IN_VML = {V + name for name in ("line", "rect", "oval", "polyline", "curve", "arc", "roundrect", "shape")}


class Drawings:
    """Reads drawings of one document into atoms; text in text boxes is set aside in ``left_out``."""

    def __init__(self, package: Package, gallery: Gallery, left_out: list[str]) -> None:
        self._package = package
        self._gallery = gallery
        self._left_out = left_out

    def atoms(self, element: etree._Element) -> list[Atom]:
        """Atoms of a ``w:drawing``, ``w:pict`` or ``w:object``; none for anything else."""
        if element.tag == W + "drawing":
            return self._drawing(element)
        if element.tag == W + "pict":
            return self._vml(element)
        if element.tag == W + "object":
            return self._object(element)
        return []

    def _drawing(self, element: etree._Element) -> list[Atom]:
        boxes = list(element.iter(W + "txbxContent"))
        self._set_aside(boxes)
        pictures = [pic for pic in element.iter(PIC + "pic") if not _is_inside(pic, W + "txbxContent")]
        found = [self._picture(element, pic, alone=len(pictures) == 1) for pic in pictures]
        if found or boxes:
            return found
        data = next(element.iter(A + "graphicData"), None)
        uri = data.get("uri", "") if data is not None else ""
        return [Unsupported("chart" if "chart" in uri else "diagram" if "diagram" in uri else "drawing")]

    def _picture(self, drawing: etree._Element, picture: etree._Element, alone: bool) -> Atom:
        blip = next(picture.iter(A + "blip"), None)
        relation = blip.get(R + "embed") if blip is not None else None
        extent = next(drawing.iter(WP + "extent"), None) if alone else None
        if extent is None:
            extent = next(picture.iter(A + "ext"), None)
        described = next(drawing.iter(WP + "docPr"), None)
        alt = described.get("descr", "") if described is not None and alone else ""
        width = pixels_of_emu(extent.get("cx")) if extent is not None else 0
        height = pixels_of_emu(extent.get("cy")) if extent is not None else 0
        return self._gallery.add(self._package.target(relation), width, height, alt.strip()[:300])

    def _vml(self, element: etree._Element) -> list[Atom]:
        boxes = list(element.iter(V + "textbox"))
        self._set_aside([content for box in boxes for content in box.iter(W + "txbxContent")])
        found = [
            self._vml_picture(image, is_formula=False)
            for image in element.iter(V + "imagedata")
            if not _is_inside(image, W + "txbxContent")
        ]
        if found or boxes:
            return found
        return [Unsupported("drawing")] if any(child.tag in _DRAWN_IN_VML for child in element.iter()) else []

    def _object(self, element: etree._Element) -> list[Atom]:
        """An embedded object shows its preview; that of an equation is all we have of the formula."""
        ole = next(element.iter(O + "OLEObject"), None)
        is_formula = ole is not None and ole.get("ProgID", "").startswith(("Equation", "MathType"))
        previews = [self._vml_picture(image, is_formula) for image in element.iter(V + "imagedata")]
        return previews or [Unsupported("formula" if is_formula else "object")]

    def _vml_picture(self, image: etree._Element, is_formula: bool) -> Atom:
        shape = image.getparent()
        style = shape.get("style", "") if shape is not None else ""
        relation = image.get(R + "id") or image.get(R + "embed")
        atom = self._gallery.add(
            self._package.target(relation),
            pixels_of_style(style, "width"),
            pixels_of_style(style, "height"),
            is_formula=is_formula,
        )
        return Unsupported("formula") if is_formula and isinstance(atom, Unsupported) else atom

    def _set_aside(self, boxes: list[etree._Element]) -> None:
        for box in boxes:
            text = " ".join("".join(part.text or "" for part in box.iter(W + "t")).split())
            if text and text not in self._left_out:
                self._left_out.append(text)


def _is_inside(element: etree._Element, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None
