"""Pages of this app."""

from django.urls import path

from programmes.views import ocop, ocop_acts, ocop_assessments
from programmes.views.measures import measure_page
from programmes.views.overview import attention_page, overview_page

PRODUCT, ASSESSMENT = "ocop/<int:product_id>/", "ocop/assessments/<int:assessment_id>/"
RECOGNITION, PHOTO = "ocop/recognitions/<int:certificate_id>/", f"{PRODUCT}photos/<int:photo_id>/"

urlpatterns = [
    path("", overview_page, name="overview"),
    path("attention/", attention_page, name="attention"),
    path("measures/<str:code>/", measure_page, name="measure"),
    path("ocop/", ocop.ocop_list, name="ocop_list"),
    path("ocop/export/<str:format>/", ocop.ocop_export, name="ocop_export"),
    path("ocop/new/", ocop_acts.ocop_new, name="ocop_new"),
    path("ocop/notices/<int:notice_id>/", ocop.ocop_notice_dismiss, name="ocop_notice_dismiss"),
    path(PRODUCT, ocop.ocop_product, name="ocop_product"),
    path(f"{PRODUCT}edit/", ocop_acts.ocop_edit, name="ocop_edit"),
    path(f"{PRODUCT}producer/", ocop_acts.ocop_producer, name="ocop_producer"),
    path(f"{PRODUCT}assess/", ocop_acts.ocop_assess, name="ocop_assess"),
    path(f"{PRODUCT}photos/", ocop.ocop_photos, name="ocop_photos"),
    path(f"{PHOTO}file/", ocop.ocop_photo, name="ocop_photo"),
    path(f"{PHOTO}thumbnail/", ocop.ocop_thumbnail, name="ocop_thumbnail"),
    path(ASSESSMENT, ocop_assessments.ocop_assessment, name="ocop_assessment"),
    path(f"{ASSESSMENT}sheets/", ocop_assessments.ocop_sheets, name="ocop_sheets"),
    path(f"{ASSESSMENT}move/", ocop_assessments.ocop_move, name="ocop_move"),
    path(f"{ASSESSMENT}recognise/", ocop_acts.ocop_recognise, name="ocop_recognise"),
    path(f"{RECOGNITION}withdraw/", ocop_acts.ocop_withdraw, name="ocop_withdraw"),
    path(f"{RECOGNITION}annul/", ocop_acts.ocop_annul, name="ocop_annul"),
]
